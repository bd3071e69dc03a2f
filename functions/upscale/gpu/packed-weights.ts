import type { Model } from '../network/model.ts';
import { type Convolution, channelsOf } from '../network/network.ts';
import { quads } from './arena.ts';
import { type Blocking, kernelWeights, weightUnit } from './kernel.ts';
import { lastWeights } from './picture-out-shader.ts';

/** Where a convolution's weights begin: for each map that it reads, in its kernel's units, and what is added, in groups of four. */
export interface WeightPlaces {
  maps: readonly number[];
  bias: number;
}

/** All weights as the shaders read them, and where each convolution's begin. */
export interface PackedWeights {
  numbers: Float32Array;
  places: ReadonlyMap<string, WeightPlaces>;
}

/** @param kernelOf what computes a convolution. */
export function packWeights(
  { network, weights }: Model,
  kernelOf: (convolution: Convolution) => Blocking['by'],
): PackedWeights {
  const channels = channelsOf(network);
  const parts: Float32Array[] = [];
  const places = new Map<string, WeightPlaces>();
  let length = 0;
  const add = (part: Float32Array, unit = 4): number => {
    const gap = -length & (unit - 1);
    if (gap > 0) parts.push(new Float32Array(gap));
    parts.push(part);
    length += gap + part.length;
    return (length - part.length) / unit;
  };
  const of = (name: string) => {
    const found = weights.get(name);
    if (!found) throw new Error(`There are no weights of ${name}`);
    return found;
  };
  for (const convolution of network.convolutions) {
    const { name, from, outputs } = convolution;
    const by = kernelOf(convolution);
    const { kernels, bias } = of(name);
    const maps = from.map(({ map, kernel }, i) => {
      const inputs = channels.get(map) as number;
      const numbers = kernels[i] as Float32Array;
      const weightOf = (tap: number, input: number, output: number) =>
        numbers[(tap * inputs + input) * outputs + output] as number;
      return add(kernelWeights(by, { kernel, inputs, outputs, weightOf }), weightUnit(by));
    });
    places.set(name, { maps, bias: add(padded(bias, quads(outputs) * 4)) });
  }
  const { last } = network;
  const { kernels, bias } = of(last.name);
  places.set(last.name, { maps: [add(lastWeights(network, kernels[0] as Float32Array))], bias: add(padded(bias, 4)) });
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
