import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openCpuUpscaler } from '../../../../functions/upscale/cpu/cpu-upscaler.ts';
import { shapeName, shapeOf } from '../../../../functions/upscale/gpu/convolution-shape.ts';
import type { Gpu } from '../../../../functions/upscale/gpu/dawn.ts';
import { openGpuUpscaler } from '../../../../functions/upscale/gpu/gpu-upscaler.ts';
import { bytesOfPixel, limitsOf, threadBlockingsOf } from '../../../../functions/upscale/gpu/plan.ts';
import { loadModel } from '../../../../functions/upscale/network/models.ts';
import type { PictureFormat } from '../../../../functions/upscale/picture-format.ts';
import type { ModelName, Scale } from '../../../../shared/super-resolution.ts';
import { farthest, psnr, rawPicture } from '../raw-picture.ts';
import { shortGpu } from './short-gpu.ts';
import { gpuMissing, softwareGpu } from './software-gpu.ts';

const skipped = gpuMissing ? ` (skipped: ${gpuMissing})` : '';
const SMALL = { width: 24, height: 12, bits: 8, matrix: 'bt709', range: 'limited' } as const satisfies PictureFormat;

/** A picture of much detail; another seed gives another one. */
const picture = ({ width, height, bits }: PictureFormat, seed = 0) =>
  rawPicture(`testsrc2=s=64x48,hue=h=${70 * seed},scale=${width}:${height}`, bits === 8 ? 'yuv420p' : 'yuv420p10le');
const samples = (bytes: Uint8Array, { bits }: PictureFormat) =>
  bits === 8 ? bytes : new Uint16Array(bytes.slice().buffer);

/** What each of them failed by. */
const reasons = async (pictures: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(pictures)).map((each) => each.status === 'rejected' && each.reason.message);

/** SwiftShader computes a thousandth of what a GPU does. */
const LONG_MS = 600_000;

describe.skipIf(gpuMissing)(`shaders that make a picture larger${skipped}`, { timeout: LONG_MS }, () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await softwareGpu();
  });

  const both = async (name: ModelName, scale: Scale, format: PictureFormat) => {
    const model = await loadModel(name, scale);
    const small = await picture(format);
    await using shaders = await openGpuUpscaler({ gpu, model, from: format });
    await using processor = await openCpuUpscaler({ model, format });
    const made = samples(await shaders.upscale(small), format);
    return { made, wanted: samples(await processor.upscale(small), format) };
  };

  it.each<[ModelName, Scale, string, PictureFormat]>([
    ['slim', 2, '8 bits', SMALL],
    ['slim', 3, 'odd sides, 10 bits, wide colours', { ...SMALL, width: 19, height: 9, bits: 10, matrix: 'bt2020' }],
    ['slim', 4, 'full range', { ...SMALL, width: 16, height: 8, matrix: 'bt601', range: 'full' }],
    ['slim', 8, 'a side that is no multiple of 8', { ...SMALL, width: 10, height: 6 }],
    ['medium', 2, '8 bits', { ...SMALL, width: 16, height: 8 }],
    ['thick', 2, '8 bits', { ...SMALL, width: 8, height: 4 }],
  ])('give what onnxruntime gives of %s × %i: %s', async (name, scale, _what, format) => {
    const { made, wanted } = await both(name, scale, format);
    // Where sums end near the middle of two samples, their order decides.
    expect(farthest(made, wanted)).toBeLessThanOrEqual(1);
    expect(psnr(made, wanted, 2 ** format.bits - 1)).toBeGreaterThan(70);
  });

  it('give the same, bit by bit, of a picture in tiles', async () => {
    const model = await loadModel('slim', 2);
    const format = { ...SMALL, width: 40, height: 4 };
    const small = await picture(format);
    await using whole = await openGpuUpscaler({ gpu, model, from: format });
    const mapBytes = 40 * 20 * bytesOfPixel(model.network, 'f32');
    await using tiled = await openGpuUpscaler({ gpu, model, from: format, mapBytes });
    expect(whole.tiles).toBe(1);
    expect(tiled.tiles).toBeGreaterThan(1);
    expect(Buffer.compare(await tiled.upscale(small), await whole.upscale(small))).toBe(0);
  });

  it('give the same however the work is shared out', async () => {
    const model = await loadModel('slim', 2);
    const { network } = model;
    const format = { ...SMALL, width: 8, height: 4 };
    const small = await picture(format);
    const results = new Set<string>();
    const shapes = network.convolutions.map((each) => shapeOf(each, network));
    for (const place of [0, 7]) {
      const blockings = new Map(
        shapes.map((shape) => {
          const all = threadBlockingsOf(shape, limitsOf(gpu), 'f32');
          return [shapeName(shape), all[place % all.length] as (typeof all)[number]];
        }),
      );
      await using upscaler = await openGpuUpscaler({ gpu, model, from: format, blockings });
      results.add(Buffer.from(await upscaler.upscale(small)).toString('base64'));
    }
    expect(results.size).toBe(1);
  });

  it('make several pictures at once, each its own', async () => {
    const model = await loadModel('slim', 2);
    const format = { ...SMALL, width: 8, height: 4 };
    const pictures = await Promise.all([0, 1, 2, 3, 4].map((seed) => picture(format, seed)));
    await using upscaler = await openGpuUpscaler({ gpu, model, from: format });
    const alone: Uint8Array[] = [];
    for (const each of pictures) alone.push(await upscaler.upscale(each));
    const together = await Promise.all(pictures.map((each) => upscaler.upscale(each)));
    expect(together.map((each, i) => Buffer.compare(each, alone[i] as Uint8Array))).toEqual([0, 0, 0, 0, 0]);
    expect(new Set(together.map((each) => Buffer.from(each).toString('base64'))).size).toBe(5);
  });

  it('make the next pictures as ever after one that there was no memory to bring back for', async () => {
    const model = await loadModel('slim', 2);
    const format = { ...SMALL, width: 8, height: 4 };
    const small = await picture(format);
    await using upscaler = await openGpuUpscaler({ gpu, model, from: format });
    const wanted = await upscaler.upscale(small);
    const allocate = vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation(() => {
      throw new RangeError('Array buffer allocation failed');
    });
    for (let lane = 0; lane < upscaler.atOnce; lane++)
      await expect(upscaler.upscale(small)).rejects.toThrow('Array buffer allocation failed');
    allocate.mockRestore();
    for (let lane = 0; lane < upscaler.atOnce; lane++)
      expect(Buffer.compare(await upscaler.upscale(small), wanted)).toBe(0);
  });

  it('say which GPU was lost, and what its driver says, of all pictures under way and after', async () => {
    const format = { ...SMALL, width: 8, height: 4 };
    const breaking = shortGpu(gpu);
    await using upscaler = await openGpuUpscaler({ gpu: breaking, model: await loadModel('slim', 2), from: format });
    const small = await picture(format);
    const pictures = Array.from({ length: 4 }, () => upscaler.upscale(small));
    breaking.lose('VK_ERROR_DEVICE_LOST');
    const told = `The GPU ${gpu.name} was lost: VK_ERROR_DEVICE_LOST`;
    expect(await reasons([...pictures, upscaler.upscale(small)])).toEqual(Array(5).fill(told));
  });

  it('say so of a GPU that is lost while they are compiled, then or of the first picture', async () => {
    const breaking = shortGpu(gpu);
    const open: Gpu['open'] = async (precision) => {
      const device = await breaking.open(precision);
      setTimeout(() => breaking.lose('VK_ERROR_DEVICE_LOST'), 50);
      return device;
    };
    const model = await loadModel('slim', 2);
    const format = { ...SMALL, width: 8, height: 4 };
    const small = await picture(format);
    const making = openGpuUpscaler({ gpu: { ...breaking, open }, model, from: format }).then((upscaler) =>
      upscaler.upscale(small),
    );
    await expect(making).rejects.toThrow(`The GPU ${gpu.name} was lost: VK_ERROR_DEVICE_LOST`);
  });

  it('say that they were closed, of pictures under way and after', async () => {
    const format = { ...SMALL, width: 8, height: 4 };
    const upscaler = await openGpuUpscaler({ gpu, model: await loadModel('slim', 2), from: format });
    const small = await picture(format);
    const pictures = Array.from({ length: 4 }, () => upscaler.upscale(small));
    await upscaler[Symbol.asyncDispose]();
    const told = `The GPU ${gpu.name} was closed before a picture was made`;
    expect(await reasons([...pictures, upscaler.upscale(small)])).toEqual(Array(5).fill(told));
  });
});
