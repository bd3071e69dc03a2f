import { describe, expect, it } from 'vitest';
import { fileOf } from '../../../../functions/upscale/brought.ts';
import { readKerasModel } from '../../../../functions/upscale/network/keras-model.ts';
import { MODEL_NAMES, SCALES } from '../../../../shared/super-resolution.ts';
import { tensorflowMissing } from '../packages.ts';
import { farthest, psnr, rgbPicture, ssim } from '../raw-picture.ts';
import { enlargedByTensorflow } from '../tensorflow.ts';
import { runGraph } from './run-graph.ts';

/** TensorFlow.js takes a second for a few hundred million products. */
const SIZES = { slim: { width: 24, height: 20 }, medium: { width: 16, height: 14 }, thick: { width: 7, height: 6 } };
const MODELS = MODEL_NAMES.flatMap((name) => SCALES.map((scale) => [name, scale] as const));

const skipped = tensorflowMissing ? ` (skipped: ${tensorflowMissing})` : '';

describe.skipIf(tensorflowMissing)(`the ONNX graph${skipped}`, () => {
  it.each(MODELS)('makes what TensorFlow.js makes of the published network: %s ×%d', async (name, scale) => {
    const model = await readKerasModel(fileOf(`@upscalerjs/esrgan-${name}`, `models/x${scale}/model.json`));
    const { range } = model.network;
    const { width, height } = SIZES[name];
    const rgb = await rgbPicture(`mandelbrot=s=320x180,crop=${width}:${height}:150:80`, range);
    const wanted = await enlargedByTensorflow(name, scale, rgb, SIZES[name]);
    const made = await runGraph(model, rgb, SIZES[name]);
    // That there is a picture to compare.
    expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(0.3 * range);
    expect(psnr(made, wanted, range)).toBeGreaterThan(110);
    const large = { width: width * scale, height: height * scale, peak: range };
    expect(
      ssim(made.subarray(0, large.width * large.height), wanted.subarray(0, large.width * large.height), large),
    ).toBeGreaterThan(0.999);
    expect(farthest(made, wanted) / range).toBeLessThan(1e-5);
  });
});
