import { describe, expect, it } from 'vitest';
import { openCpuUpscaler } from '../../../functions/upscale/cpu/cpu-upscaler.ts';
import { loadModel } from '../../../functions/upscale/network/models.ts';
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

describe.skipIf(upscalePackagesMissing)(`a picture at half its size and back${skipped}`, () => {
  const cases = Object.entries(SOURCES).flatMap(([of, source]) => MODEL_NAMES.map((model) => ({ of, source, model })));
  it.each(cases)('is nearer to what it was by $model than by Lanczos: $of', async ({ source, model }) => {
    const half = 'format=yuv420p,scale=96:64:flags=bicubic';
    const was = await rawPicture(source, 'yuv420p');
    const small = await rawPicture(`${source},${half}`, 'yuv420p');
    const filtered = await rawPicture(`${source},${half},scale=192:128:flags=lanczos`, 'yuv420p');
    await using upscaler = await openCpuUpscaler({ model: await loadModel(model, 2), format: SMALL });
    const luma = (picture: Uint8Array) => picture.subarray(0, LARGE.width * LARGE.height);
    const near = (picture: Uint8Array) => psnr(luma(picture), luma(was), 255);
    expect(near(await upscaler.upscale(small))).toBeGreaterThan(near(filtered));
  });
});
