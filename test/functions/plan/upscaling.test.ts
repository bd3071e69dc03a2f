import { afterEach, describe, expect, it, vi } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { masterUpscaling, upscaleOf } from '../../../functions/plan/upscaling.ts';
import { JobRequestSchema } from '../../../shared/request.ts';
import { gpuMissing, SWIFTSHADER } from '../upscale/gpu/software-gpu.ts';
import { upscalePackagesMissing } from '../upscale/packages.ts';
import { planInputs, variedClips, wholeSong } from './analyses.ts';

const inputs = (order: object, upscaling: { model: 'slim' | 'medium' } | { why: string }) => {
  const given = planInputs({ clips: variedClips(4), music: wholeSong(16) });
  return { ...given, request: JobRequestSchema.parse({ ...given.request, ...order }), upscaling };
};
const GPU = { model: 'medium' } as const;
const NONE = { why: 'there is no GPU here' };

describe('how a montage is upscaled', () => {
  it.each([
    ['a master with a GPU by the network that is set', { quality: 'master' }, GPU, { scale: 2, model: 'medium' }],
    ['a master without one not at all', { quality: 'master' }, NONE, null],
    ['a master as large as its clips not at all', { quality: 'master', format: 'source' }, GPU, null],
    ['nothing else unless it is ordered', { quality: 'high' }, GPU, null],
    [
      'what is ordered, GPU or not',
      { upscale: { scale: 3, onCpu: true } },
      NONE,
      { scale: 3, model: 'slim', onCpu: true },
    ],
    ['a master as ordered', { quality: 'master', upscale: { model: 'slim' } }, GPU, { model: 'slim', onCpu: false }],
    ['a master that is ordered without it not at all', { quality: 'master', upscale: null }, GPU, null],
  ])('is: %s', (_claim, order, upscaling, expected) => {
    const upscale = upscaleOf(inputs(order, upscaling));
    if (expected) expect(upscale).toMatchObject(expected);
    else expect(upscale).toBeNull();
  });

  it('is kept in the timeline, with its size', () => {
    expect(planTimeline(inputs({ upscale: {} }, NONE))).toMatchObject({
      ...{ width: 3840, height: 2160, upscale: { scale: 2, model: 'slim', onCpu: false } },
    });
  });

  it('is said of a master whose clips are only stretched, with what to do about it', () => {
    const { notes, upscale } = planTimeline(inputs({ quality: 'master' }, NONE));
    expect(upscale).toBeNull();
    expect(notes.at(-1)).toMatch(/fewer pixels than 3840×2160 were stretched.*because there is no GPU here.*--upscale/);
    for (const order of [
      { quality: 'high' },
      { quality: 'master', upscale: null },
      { quality: 'master', format: 'source' },
    ])
      expect(planTimeline(inputs(order, NONE)).notes.join()).not.toMatch(/stretched/);
  });
});

describe('whether masters are upscaled', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is as it is set', async () => {
    expect(await masterUpscaling('thick')).toEqual({ model: 'thick' });
    expect(await masterUpscaling('off')).toEqual({ why: 'MONTAGE_UPSCALING is off here' });
  });

  it.skipIf(upscalePackagesMissing)('is not, where it is left to the machine and that has no GPU', async () => {
    for (const name of ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES']) vi.stubEnv(name, '/nowhere.json');
    expect(await masterUpscaling('auto')).toEqual({
      why: 'there is no GPU here that Vulkan, Metal or Direct3D knows',
    });
  });

  it.skipIf(gpuMissing)('is not, where there is only a driver that computes on the CPU', async () => {
    vi.stubEnv('VK_ICD_FILENAMES', SWIFTSHADER);
    expect(await masterUpscaling('auto')).toEqual({
      why: 'there is no GPU here, only a driver that computes on the CPU',
    });
  });
});
