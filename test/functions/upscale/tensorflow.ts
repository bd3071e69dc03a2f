import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brought, fileOf } from '../../../functions/upscale/brought.ts';
import type { ModelName, Scale } from '../../../shared/super-resolution.ts';

/** As far as it is used here: its packages, and so its types, aren't there on every machine. */
interface Tensor {
  dispose(): void;
  data(): Promise<Float32Array>;
  shape: readonly number[];
}
interface Core {
  setBackend(name: string): Promise<boolean>;
  tensor4d(values: Float32Array, shape: readonly number[]): Tensor;
}
interface Layers {
  loadLayersModel(handler: { load(): Promise<unknown> }): Promise<{ predict(input: Tensor): Tensor }>;
}

/** What of a package of upscalerjs says which layers its networks have beside those of TensorFlow.js. */
interface Definitions {
  getESRGANModelDefinition(order: { scale: number; meta: { architecture: string } }): {
    setup?: (tensorflow: unknown) => void;
  };
}

/**
 * What TensorFlow.js makes of a picture by a network as it is published, with the layers that upscalerjs defines for
 * it. Pictures are three planes of red, green and blue, from 0 to the network's range.
 */
export async function enlargedByTensorflow(
  name: ModelName,
  scale: Scale,
  rgb: Float32Array,
  { width, height }: { width: number; height: number },
): Promise<Float32Array> {
  const [core, layers] = [
    await brought<Core>('@tensorflow/tfjs-core'),
    await brought<Layers>('@tensorflow/tfjs-layers'),
  ];
  await brought('@tensorflow/tfjs-backend-cpu');
  await core.setBackend('cpu');
  if (name === 'thick') {
    const path = fileOf('@upscalerjs/esrgan-thick', 'dist/esm/packages/shared/src/esrgan/esrgan.js');
    const { getESRGANModelDefinition } = (await import(pathToFileURL(path).href)) as Definitions;
    getESRGANModelDefinition({ scale, meta: { architecture: 'esrgan-thick' } }).setup?.({ ...core, ...layers });
  }
  const path = fileOf(`@upscalerjs/esrgan-${name}`, `models/x${scale}/model.json`);
  const model = await layers.loadLayersModel({ load: () => artifacts(path) });
  const plane = width * height;
  // Channels are last there.
  const pixels = new Float32Array(rgb.length).map((_, n) => rgb[(n % 3) * plane + Math.floor(n / 3)] as number);
  const input = core.tensor4d(pixels, [1, height, width, 3]);
  const output = model.predict(input);
  const large = await output.data();
  const largePlane = large.length / 3;
  return new Float32Array(large.length).map(
    (_, n) => large[(n % largePlane) * 3 + Math.floor(n / largePlane)] as number,
  );
}

/** A model as TensorFlow.js wants it: https://js.tensorflow.org/api/latest/#io.ModelArtifacts. */
async function artifacts(path: string) {
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(path, 'utf8')) as {
    modelTopology: object;
    weightsManifest: { paths: string[]; weights: object[] }[];
  };
  const shards = weightsManifest.flatMap(({ paths }) => paths.map((shard) => readFile(join(dirname(path), shard))));
  const weights = new Uint8Array(Buffer.concat(await Promise.all(shards)));
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: weights.buffer,
  };
}
