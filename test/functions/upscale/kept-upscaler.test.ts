import { describe, expect, it } from 'vitest';
import type { Device } from '../../../functions/upscale/devices.ts';
import { KeptUpscaler } from '../../../functions/upscale/kept-upscaler.ts';
import type { Model } from '../../../functions/upscale/network/model.ts';
import type { PictureFormat } from '../../../functions/upscale/picture-format.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { UpscaleSchema } from '../../../shared/super-resolution.ts';
import { type Nearest, nearest } from './video/nearest.ts';

const SMALL: PictureFormat = { width: 32, height: 18, bits: 8, matrix: 'bt709', range: 'limited' };
const WIDE: PictureFormat = { ...SMALL, width: 64 };
const model = { network: { scale: 2 } } as Model;
const order = (of: Partial<ReturnType<typeof UpscaleSchema.parse>> = {}) => UpscaleSchema.parse(of);

/** Devices of these kinds, and the upscalers that were opened on them, in order. */
function bench(...kinds: Device['kind'][]) {
  let before: (name: string) => Promise<void> | void = () => {};
  const opened: (Nearest & { on: string })[] = [];
  const looks: number[] = [];
  const devices = kinds.map(
    (kind): Device => ({
      ...{ kind, name: `the ${kind}`, precision: 'f32', abilities: [] },
      async open(_model, from) {
        await before(`the ${kind}`);
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
  const disposed = () => opened.map((each) => each.disposed);
  /** What happens before a device is open. */
  const beforeOpening = (then: typeof before) => {
    before = then;
  };
  return { kept, opened, looks, devices, disposed, beforeOpening };
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

  it('is on the next device that is allowed where the best can not be opened, until that can', async () => {
    const { kept, opened, disposed, beforeOpening } = bench('discrete GPU', 'integrated GPU', 'CPU', 'CPU as a GPU');
    beforeOpening((name) => {
      if (name !== 'the CPU') throw new Error(`${name} is out of memory`);
    });
    await expect(kept.open(order(), SMALL)).rejects.toThrow('the discrete GPU is out of memory');
    const onCpu = await kept.open(order({ onCpu: true }), SMALL);
    expect(await kept.open(order({ onCpu: true }), SMALL)).toBe(onCpu);
    expect(opened.map(({ on }) => on)).toEqual(['the CPU']);
    beforeOpening((name) => {
      if (name === 'the discrete GPU') throw new Error('It is still out of memory');
    });
    const onGpu = await kept.open(order({ onCpu: true }), SMALL);
    expect(await kept.open(order({ onCpu: true }), SMALL)).toBe(onGpu);
    expect(opened.map(({ on }) => on)).toEqual(['the CPU', 'the integrated GPU']);
    expect(disposed()).toEqual([true, false]);
  });

  it('is refused for good only where every device refuses', async () => {
    const { kept, beforeOpening } = bench('discrete GPU', 'integrated GPU');
    beforeOpening((name) => {
      throw name === 'the discrete GPU' ? new Refusal('It is too large') : new Error('out of memory');
    });
    await expect(kept.open(order(), SMALL)).rejects.toThrow('out of memory');
    beforeOpening((name) => {
      throw new Refusal(`It is too large for ${name}`);
    });
    await expect(kept.open(order(), SMALL)).rejects.toThrow(new Refusal('It is too large for the discrete GPU'));
  });

  it('that is open only after it was given up is closed, and the one after it stays', async () => {
    const { kept, opened, disposed, beforeOpening } = bench('GPU');
    const [begun, late] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    beforeOpening(() => {
      begun.resolve();
      return late.promise;
    });
    const first = kept.open(order(), SMALL);
    await begun.promise;
    await kept.drop();
    beforeOpening(() => {});
    const second = await kept.open(order(), SMALL);
    late.resolve();
    await expect(first).rejects.toThrow('The upscaler was given up before it was open');
    expect(opened).toHaveLength(2);
    expect(opened[0]).toBe(second);
    expect(disposed()).toEqual([false, true]);
    expect(await kept.open(order(), SMALL)).toBe(second);
    await kept.drop();
    expect(disposed()).toEqual([true, true]);
  });
});
