import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LayersModelSchema, networkOf } from './keras-layers.ts';
import type { Model, Weights } from './model.ts';

/** Reads `model.json` of a layers model of TensorFlow.js and the files of numbers beside it. */
export async function readKerasModel(path: string): Promise<Model> {
  const layers = LayersModelSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  const network = networkOf(layers);
  const weights = new Map<string, Weights>();
  for (const { paths, weights: listed } of layers.weightsManifest) {
    const shards = await Promise.all(paths.map((shard) => readFile(join(dirname(path), shard))));
    const all = new Uint8Array(Buffer.concat(shards));
    let at = 0;
    for (const { name, shape } of listed) {
      const length = shape.reduce((product, side) => product * side, 1);
      const numbers = new Float32Array(all.buffer, at, length);
      at += 4 * length;
      const [layer = '', what] = name.split('/');
      const of = weights.get(layer) ?? { kernel: new Float32Array(), bias: new Float32Array() };
      weights.set(layer, what === 'bias' ? { ...of, bias: numbers } : { ...of, kernel: numbers });
    }
  }
  return { network, weights };
}
