import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Gpu } from '../../../../functions/upscale/gpu/dawn.ts';
import { openGpuUpscaler } from '../../../../functions/upscale/gpu/gpu-upscaler.ts';
import { laneBytes, pictureMemory } from '../../../../functions/upscale/gpu/picture-memory.ts';
import { bytesOfPixel } from '../../../../functions/upscale/gpu/plan.ts';
import type { Model } from '../../../../functions/upscale/network/model.ts';
import { loadModel } from '../../../../functions/upscale/network/models.ts';
import type { PictureFormat } from '../../../../functions/upscale/picture-format.ts';
import { Refusal } from '../../../../shared/refusal.ts';
import { rawPicture } from '../raw-picture.ts';
import { shortGpu } from './short-gpu.ts';
import { gpuMissing, softwareGpu } from './software-gpu.ts';

const skipped = gpuMissing ? ` (skipped: ${gpuMissing})` : '';
const SMALL = { width: 40, height: 12, bits: 8, matrix: 'bt709', range: 'limited' } as const satisfies PictureFormat;
/** SwiftShader computes a thousandth of what a GPU does. */
const LONG_MS = 600_000;

describe.skipIf(gpuMissing)(`what a GPU has memory for${skipped}`, { timeout: LONG_MS }, () => {
  let gpu: Gpu;
  let model: Model;
  let small: Uint8Array;
  let large: Uint8Array;
  /** Bytes that everything takes at once, and the feature maps of it. */
  let all: number;
  let maps: number;
  beforeAll(async () => {
    gpu = await softwareGpu();
    model = await loadModel('slim', 2);
    small = await rawPicture(`testsrc2=s=64x48,scale=${SMALL.width}:${SMALL.height}`, 'yuv420p');
    const roomy = shortGpu(gpu);
    await using upscaler = await openGpuUpscaler({ gpu: roomy, model, from: SMALL });
    large = await upscaler.upscale(small);
    all = roomy.taken;
    maps = (SMALL.width + 16) * (SMALL.height + 16) * bytesOfPixel(model.network, 'f32');
    expect([upscaler.tiles, upscaler.atOnce]).toEqual([1, 3]);
  });

  it('is found by making tiles smaller, with nothing left of what was tried, and the picture is the same bit by bit', async () => {
    const short = shortGpu(gpu, all - 1);
    await using upscaler = await openGpuUpscaler({ gpu: short, model, from: SMALL });
    expect(upscaler.tiles).toBeGreaterThan(1);
    expect(upscaler.atOnce).toBe(3);
    expect(short.taken).toBeLessThan(all);
    expect(Buffer.compare(await upscaler.upscale(small), large)).toBe(0);
  });

  it('is found by having fewer pictures under way where tiles can be no smaller', async () => {
    const lane = laneBytes(pictureMemory(SMALL, 2));
    const inTiles = shortGpu(gpu);
    await using three = await openGpuUpscaler({ gpu: inTiles, model, from: SMALL, mapBytes: maps / 2 });
    expect(three.atOnce).toBe(3);
    const short = shortGpu(gpu, inTiles.taken - 2 * lane);
    await using upscaler = await openGpuUpscaler({ gpu: short, model, from: SMALL });
    expect(upscaler.atOnce).toBe(1);
    expect(short.taken).toBeLessThanOrEqual(inTiles.taken - 2 * lane);
    const pictures = await Promise.all([small, small].map((picture) => upscaler.upscale(picture)));
    expect(pictures.map((each) => Buffer.compare(each, large))).toEqual([0, 0]);
  });

  it('is said to be too little, and what to do, where not even one picture fits', async () => {
    const opening = openGpuUpscaler({ gpu: shortGpu(gpu, 1000), model, from: SMALL });
    await expect(opening).rejects.toThrow(
      `The GPU ${gpu.name} has too little memory free to make a picture of 40×12 2 times larger: choose a smaller scale, another GPU, or the CPU`,
    );
    // There may be more another time.
    await expect(opening).rejects.not.toBeInstanceOf(Refusal);
  });

  it('is known before anything is opened, where a picture is larger than any buffer', async () => {
    const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: 2 ** 27 };
    const open = vi.fn<Gpu['open']>();
    const from = { ...SMALL, width: 4096, height: 2160 };
    const opening = openGpuUpscaler({ gpu: { ...gpu, limits, open }, model, from });
    await expect(opening).rejects.toThrow(
      /^The GPU .* gives 134 MB of memory in one piece, and to make a picture of 4096×2160 2 times larger takes 213 MB: choose/,
    );
    await expect(opening).rejects.toBeInstanceOf(Refusal);
    expect(open).not.toHaveBeenCalled();
  });
});

/** Limits of a device are properties of its class. */
const limitsOf = ({ limits }: Gpu): GPUSupportedLimits => {
  const all: Record<string, unknown> = {};
  for (const name in limits) all[name] = Reflect.get(limits, name);
  return all as unknown as GPUSupportedLimits;
};
