import { describe, expect, it } from 'vitest';
import { openCpuUpscaler } from '../../../functions/upscale/cpu/cpu-upscaler.ts';
import type { Model } from '../../../functions/upscale/network/model.ts';
import { loadModel } from '../../../functions/upscale/network/models.ts';
import { loadPasses, openInPasses } from '../../../functions/upscale/passes.ts';
import type { PictureFormat } from '../../../functions/upscale/picture-format.ts';
import { MODEL_NAMES } from '../../../shared/super-resolution.ts';

import { upscalePackagesMissing } from './packages.ts';
import { psnr, rawPicture } from './raw-picture.ts';

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';
const LARGE = { width: 192, height: 128 };
const SMALL = { width: 96, height: 64, bits: 8, matrix: 'bt601', range: 'limited' } as const;
const SOURCES = {
  'fine lines': 'mandelbrot=s=320x200:end_scale=0.3,crop=192:128:80:30',
  'fine lines with grain': 'mandelbrot=s=320x200:end_scale=0.3,crop=192:128:80:30,noise=alls=6:all_seed=3',
  'deeper lines': 'mandelbrot=s=320x200:start_scale=0.05,crop=192:128:60:40',
};

const luma = (picture: Uint8Array) => picture.subarray(0, LARGE.width * LARGE.height);

describe.skipIf(upscalePackagesMissing)(`a picture at half its size and back${skipped}`, () => {
  const cases = Object.entries(SOURCES).flatMap(([of, source]) => MODEL_NAMES.map((model) => ({ of, source, model })));
  it.each(cases)('is nearer to what it was by $model than by Lanczos: $of', async ({ source, model }) => {
    const half = 'format=yuv420p,scale=96:64:flags=bicubic';
    const was = await rawPicture(source, 'yuv420p');
    const small = await rawPicture(`${source},${half}`, 'yuv420p');
    const filtered = await rawPicture(`${source},${half},scale=192:128:flags=lanczos`, 'yuv420p');
    await using upscaler = await openCpuUpscaler({ model: await loadModel(model, 2), format: SMALL });
    const near = (picture: Uint8Array) => psnr(luma(picture), luma(was), 255);
    expect(near(await upscaler.upscale(small))).toBeGreaterThan(near(filtered));
  });
});

describe.skipIf(upscalePackagesMissing)(`a picture that is made much larger${skipped}`, () => {
  const cases = MODEL_NAMES.flatMap((name) => ([4, 8] as const).map((scale) => [name, scale] as const));
  it.each(cases)('shows no squares, and is nearer to what it was than by Lanczos: %s × %d', async (name, scale) => {
    const size = { width: LARGE.width / scale, height: LARGE.height / scale };
    const half = `format=yuv420p,scale=${size.width}:${size.height}:flags=bicubic`;
    const source = 'mandelbrot=s=320x200:end_scale=0.3,crop=192:128:80:30,gblur=sigma=2';
    const was = await rawPicture(source, 'yuv420p');
    const small = await rawPicture(`${source},${half}`, 'yuv420p');
    const filtered = await rawPicture(`${source},${half},scale=192:128:flags=lanczos`, 'yuv420p');
    const device = { open: (model: Model, format: PictureFormat) => openCpuUpscaler({ model, format }) };
    await using upscaler = await openInPasses(device, await loadPasses(name, scale), { ...SMALL, ...size });
    const made = await upscaler.upscale(small);
    expect(psnr(luma(made), luma(was), 255)).toBeGreaterThan(psnr(luma(filtered), luma(was), 255));
    expect(unevenness(made, scale)).toBeLessThan(2);
  });
});

/** How much larger steps from column to column are at the borders of the small picture's pixels than within these. */
function unevenness(picture: Uint8Array, scale: number): number {
  const steps = Array.from({ length: scale }, () => 0);
  for (let y = 0; y < LARGE.height; y++)
    for (let x = 1; x < LARGE.width; x++) {
      const at = y * LARGE.width + x;
      const step = Math.abs((picture[at] as number) - (picture[at - 1] as number));
      steps[x % scale] = (steps[x % scale] as number) + step;
    }
  return Math.max(...steps) / Math.min(...steps);
}
