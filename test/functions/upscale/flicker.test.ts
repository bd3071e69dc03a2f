import { describe, expect, it } from 'vitest';
import { openCpuUpscaler } from '../../../functions/upscale/cpu/cpu-upscaler.ts';
import { loadModel } from '../../../functions/upscale/network/models.ts';
import { upscalePackagesMissing } from './packages.ts';
import { rawPicture } from './raw-picture.ts';

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';
const SIZE = { width: 96, height: 64 };
const FORMAT = { ...SIZE, bits: 8, matrix: 'bt601', range: 'limited' } as const;
/** A still with grain, and the same moved by a pixel with other grain. */
const picture = (x: number, seed: number, grain: number) =>
  rawPicture(
    `mandelbrot=s=320x200:end_scale=0.3,crop=${SIZE.width}:${SIZE.height}:${60 + x}:50,noise=alls=${grain}:all_seed=${seed}`,
    'yuv420p',
  );

describe.skipIf(upscalePackagesMissing)(`one enlarged picture after the other${skipped}`, () => {
  it.each([
    ['a still with grain', 0, 14, 1.02],
    ['a moving picture', 1, 0, 1.1],
    ['a moving picture with grain', 1, 14, 1.05],
  ])('changes no more than the small ones do: %s', async (_, moved, grain, most) => {
    const [before, after] = [await picture(0, 1, grain), await picture(moved, 2, grain)];
    await using upscaler = await openCpuUpscaler({ model: await loadModel('slim', 2), format: FORMAT });
    const [large, next] = [await upscaler.upscale(before), await upscaler.upscale(after)];
    const pixels = SIZE.width * SIZE.height;
    const small = change(before.subarray(0, pixels), after.subarray(0, pixels));
    expect(small).toBeGreaterThan(1);
    expect(change(large.subarray(0, 4 * pixels), next.subarray(0, 4 * pixels)) / small).toBeLessThan(most);
  });
});

/** By how many levels samples differ, on average. */
const change = (before: Uint8Array, after: Uint8Array): number =>
  before.reduce((sum, sample, i) => sum + Math.abs(sample - (after[i] as number)), 0) / before.length;
