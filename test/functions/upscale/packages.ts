import { existsSync } from 'node:fs';

const NEEDED = ['onnxruntime-node', '@upscalerjs/esrgan-slim', '@upscalerjs/esrgan-medium', '@upscalerjs/esrgan-thick'];
const folder = new URL('../../../functions/upscale/node_modules/', import.meta.url);

/** Why nothing can be upscaled; false when it can. */
export const upscalePackagesMissing = missingOf(NEEDED);

/** Why nothing can be held against TensorFlow.js, which the networks were made for; false when it can. */
export const tensorflowMissing = missingOf(
  ['core', 'layers', 'backend-cpu'].map((part) => `@tensorflow/tfjs-${part}`).concat(NEEDED),
);

function missingOf(names: readonly string[]): string | false {
  const missing = names.filter((name) => !existsSync(new URL(name, folder)));
  return missing.length > 0 && `there is no ${missing.join(', no ')}; npm ci --prefix functions/upscale`;
}
