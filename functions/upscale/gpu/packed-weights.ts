import type { Model } from '../network/model.ts';
import { channelsOf } from '../network/network.ts';
import { quads } from './arena.ts';
import { lastWeights } from './picture-out-shader.ts';

/** Where a convolution's weights begin, in groups of four: for each map that it reads, and what is added. */
export interface WeightPlaces {
  maps: readonly number[];
  bias: number;
}

/** All weights as the shaders read them, in groups of four outputs, and where each convolution's begin. */
export interface PackedWeights {
  numbers: Float32Array;
  places: ReadonlyMap<string, WeightPlaces>;
}

/** Maps of a number of channels that isn't a multiple of four have some more, which are zero, and so are the weights for them. */
export function packWeights({ network, weights }: Model): PackedWeights {
  const channels = channelsOf(network);
  const parts: Float32Array[] = [];
  const places = new Map<string, WeightPlaces>();
  let length = 0;
  const add = (part: Float32Array): number => {
    parts.push(part);
    length += part.length;
    return (length - part.length) / 4;
  };
  const of = (name: string) => {
    const found = weights.get(name);
    if (!found) throw new Error(`There are no weights of ${name}`);
    return found;
  };
  for (const { name, from, kernel, inputs, outputs } of network.convolutions) {
    const wide = quads(outputs) * 4;
    const numbers = of(name).kernel;
    let first = 0;
    const blocks = from.map((map) => {
      const own = channels.get(map) as number;
      const block = new Float32Array(kernel ** 2 * quads(own) * 4 * wide);
      for (let tap = 0; tap < kernel ** 2; tap++)
        for (let input = 0; input < own; input++)
          for (let output = 0; output < outputs; output++)
            block[(tap * quads(own) * 4 + input) * wide + output] = numbers[
              (tap * inputs + first + input) * outputs + output
            ] as number;
      first += own;
      return block;
    });
    places.set(name, { maps: blocks.map(add), bias: add(padded(of(name).bias, wide)) });
  }
  const { last } = network;
  const { kernel, bias } = of(last.name);
  places.set(last.name, { maps: [add(lastWeights(network, kernel))], bias: add(padded(bias, 4)) });
  const numbers = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    numbers.set(part, at);
    at += part.length;
  }
  return { numbers, places };
}

function padded(numbers: Float32Array, length: number): Float32Array {
  const more = new Float32Array(length);
  more.set(numbers);
  return more;
}
