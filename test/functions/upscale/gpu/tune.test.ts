import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ConvolutionShape, shapeName, shapeOf } from '../../../../functions/upscale/gpu/convolution-shape.ts';
import type { Gpu } from '../../../../functions/upscale/gpu/dawn.ts';
import { limitsOf, threadBlockingsOf } from '../../../../functions/upscale/gpu/plan.ts';
import { type Tunings, tuned } from '../../../../functions/upscale/gpu/tune.ts';
import { tuningsFolder } from '../../../../functions/upscale/gpu/tunings-folder.ts';
import { loadModel } from '../../../../functions/upscale/network/models.ts';
import { shortGpu } from './short-gpu.ts';
import { gpuMissing, softwareGpu } from './software-gpu.ts';

const skipped = gpuMissing ? ` (skipped: ${gpuMissing})` : '';

describe.skipIf(gpuMissing)(`how work is best shared out on a GPU${skipped}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-tune-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is measured once for each shape of convolution, and anew where what was kept is damaged or does not fit it', async () => {
    const { network: whole } = await loadModel('slim', 2);
    // One shape is enough: SwiftShader takes its time.
    const network = { ...whole, convolutions: whole.convolutions.slice(0, 1) };
    const real = await softwareGpu();
    let opened = 0;
    const gpu: Gpu = {
      ...real,
      open(precision) {
        opened++;
        return real.open(precision);
      },
    };
    const path = join(folder, 'below', 'tunings');
    const measure = () =>
      tuned(gpu, network, 'f32', tuningsFolder(path), { sizes: [{ width: 16, height: 8 }], candidates: 2 });
    const first = await measure();
    const [shape] = network.convolutions.map((each) => shapeOf(each, network)) as [ConvolutionShape];
    const likely = threadBlockingsOf(shape, limitsOf(gpu), 'f32').slice(0, 2);
    expect(likely).toContainEqual(first.get(shapeName(shape)));
    expect(await measure()).toEqual(first);
    expect(opened).toBe(1);
    const [name = ''] = await readdir(path);
    const kept = JSON.parse(await readFile(join(path, name), 'utf8'));
    // Not a number that there is, and one that does not divide the channels.
    for (const wrong of [{ columns: 'many' }, { ...kept, outputs: 3, outputsOfThread: 3 }]) {
      opened = 0;
      await writeFile(join(path, name), JSON.stringify(wrong));
      const anew = await measure();
      expect(likely).toContainEqual(anew.get(shapeName(shape)));
      expect(await measure()).toEqual(anew);
      expect(opened).toBe(1);
    }
  });

  describe('on a GPU that has trouble', () => {
    const kept = { get: vi.fn<Tunings['get']>(async () => null), put: vi.fn<Tunings['put']>() };
    const measureOn = async (gpu: Gpu) => {
      const { network: whole } = await loadModel('slim', 2);
      const network = { ...whole, convolutions: whole.convolutions.slice(0, 1) };
      const [shape] = network.convolutions.map((each) => shapeOf(each, network));
      const effort = { sizes: [{ width: 16, height: 8 }], candidates: 2 };
      const ways = await tuned(gpu, network, 'f32', kept, effort);
      return {
        ways: [...ways.values()],
        likeliest: threadBlockingsOf(shape as ConvolutionShape, limitsOf(gpu), 'f32')[0],
      };
    };

    it('is what is likely, and measured another time, where there is no memory to measure in', async () => {
      const { ways, likeliest } = await measureOn(shortGpu(await softwareGpu(), 1000));
      expect(ways).toEqual([likeliest]);
      expect(kept.put).not.toHaveBeenCalled();
    });

    it('is not known of one that is lost, which is said', async () => {
      const breaking = shortGpu(await softwareGpu());
      const open: Gpu['open'] = async (precision) => {
        const device = await breaking.open(precision);
        breaking.lose('VK_ERROR_DEVICE_LOST');
        return device;
      };
      const measuring = measureOn({ ...breaking, open });
      await expect(measuring).rejects.toThrow(`The GPU ${breaking.name} was lost: VK_ERROR_DEVICE_LOST`);
      expect(kept.put).not.toHaveBeenCalled();
    });
  });
});
