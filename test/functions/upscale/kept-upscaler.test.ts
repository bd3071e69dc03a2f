import { describe, expect, it } from 'vitest';
import type { Device } from '../../../functions/upscale/devices.ts';
import { KeptUpscaler } from '../../../functions/upscale/kept-upscaler.ts';
import type { Model } from '../../../functions/upscale/network/model.ts';
import type { PictureFormat } from '../../../functions/upscale/picture-format.ts';
import { UpscaleSchema } from '../../../shared/super-resolution.ts';
import { type Nearest, nearest } from './video/nearest.ts';

const SMALL: PictureFormat = { width: 32, height: 18, bits: 8, matrix: 'bt709', range: 'limited' };
const WIDE: PictureFormat = { ...SMALL, width: 64 };
const model = {} as Model;
const order = (of: Partial<ReturnType<typeof UpscaleSchema.parse>> = {}) => UpscaleSchema.parse(of);

/** Devices of these kinds, and the upscalers that were opened on them, in order. */
function bench(...kinds: Device['kind'][]) {
  const opened: (Nearest & { on: string })[] = [];
  const looks: number[] = [];
  const devices = kinds.map(
    (kind): Device => ({
      ...{ kind, name: `the ${kind}`, precision: 'f32', abilities: [] },
      async open(_model, from) {
        const upscaler = Object.assign(nearest(from, 2), { on: `the ${kind}` });
        opened.push(upscaler);
        return upscaler;
      },
    }),
  );
  const kept = new KeptUpscaler({
    async find() {
      looks.push(looks.length);
      return devices;
    },
    load: async () => model,
  });
  return { kept, opened, looks, devices };
}

describe('the upscaler that is kept', () => {
  it('is opened once for chunks of one kind, on the best GPU, which is looked for once', async () => {
    const { kept, opened, looks } = bench('discrete GPU', 'integrated GPU', 'CPU');
    const [one, other] = [await kept.open(order(), SMALL), await kept.open(order({ onCpu: true }), SMALL)];
    expect(one).toBe(other);
    expect(opened.map(({ on }) => on)).toEqual(['the discrete GPU']);
    expect(looks).toHaveLength(1);
  });

  it('gives way to another for another size or network, and is closed', async () => {
    const { kept, opened } = bench('GPU', 'CPU');
    await kept.open(order(), SMALL);
    await kept.open(order(), WIDE);
    await kept.open(order({ model: 'medium' }), WIDE);
    expect(opened.map(({ disposed }) => disposed)).toEqual([true, true, false]);
  });

  it('is on the CPU only where that is allowed, and where it is not, that is said with what to do', async () => {
    const { kept, opened } = bench('CPU', 'CPU as a GPU');
    await expect(kept.open(order(), SMALL)).rejects.toThrow(
      /no GPU that Vulkan, Metal or Direct3D knows.*retry.*--upscale-on-cpu.*onCpu.*seconds for each frame/,
    );
    await kept.open(order({ onCpu: true }), SMALL);
    expect(opened.map(({ on }) => on)).toEqual(['the CPU']);
    // Nor does it become allowed by that.
    await expect(kept.open(order(), SMALL)).rejects.toThrow(/no GPU/);
  });

  it('moves to a GPU that comes up', async () => {
    const { kept, opened, devices } = bench('CPU', 'GPU');
    const gpu = devices.pop() as Device;
    await kept.open(order({ onCpu: true }), SMALL);
    devices.unshift(gpu);
    await kept.open(order({ onCpu: true }), SMALL);
    expect(opened.map(({ on }) => on)).toEqual(['the CPU', 'the GPU']);
  });

  it('that failed is closed, and opened anew for the next chunk', async () => {
    const { kept, opened } = bench('GPU');
    const first = (await kept.open(order(), SMALL)) as Nearest;
    await kept.drop();
    expect(first.disposed).toBe(true);
    expect(await kept.open(order(), SMALL)).not.toBe(first);
    expect(opened).toHaveLength(2);
  });
});
