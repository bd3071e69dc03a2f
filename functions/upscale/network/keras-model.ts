import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LayersModelSchema, networkOf } from './keras-layers.ts';
import type { Model, Weights } from './model.ts';
import { channelsOf } from './network.ts';

/** Reads `model.json` of a layers model of TensorFlow.js and the files of numbers beside it. */
export async function readKerasModel(path: string): Promise<Model> {
  const layers = LayersModelSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  const network = networkOf(layers);
  const numbers = new Map<string, Float32Array>();
  for (const { paths, weights: listed } of layers.weightsManifest) {
    const shards = await Promise.all(paths.map((shard) => readFile(join(dirname(path), shard))));
    const all = new Uint8Array(Buffer.concat(shards));
    let at = 0;
    for (const { name, shape } of listed) {
      const length = shape.reduce((product, side) => product * side, 1);
      numbers.set(name, new Float32Array(all.buffer, at, length));
      at += 4 * length;
    }
  }
  const of = (name: string) => {
    const found = numbers.get(name);
    if (!found) throw new Error(`There are no numbers of ${name}`);
    return found;
  };
  const channels = channelsOf(network);
  const weights = new Map<string, Weights>();
  for (const { name, from, outputs } of network.convolutions) {
    const inputs = from.map(({ map }) => channels.get(map) as number);
    weights.set(name, { kernels: apart(of(`${name}/kernel`), inputs, outputs), bias: of(`${name}/bias`) });
  }
  const { name } = network.last;
  weights.set(name, { kernels: [of(`${name}/kernel`)], bias: of(`${name}/bias`) });
  return { network, weights };
}

/** Keras' one kernel, which has all maps' channels one after the other at each place, as one for each map. */
function apart(kernel: Float32Array, inputs: readonly number[], outputs: number): Float32Array[] {
  const all = inputs.reduce((sum, channels) => sum + channels, 0);
  const places = kernel.length / (all * outputs);
  let before = 0;
  return inputs.map((channels) => {
    const first = before;
    before += channels;
    const own = new Float32Array(places * channels * outputs);
    for (let place = 0; place < places; place++) {
      const from = (place * all + first) * outputs;
      own.set(kernel.subarray(from, from + channels * outputs), place * channels * outputs);
    }
    return own;
  });
}
