import { type Model, type Weights, weightSizes } from '../../../../functions/upscale/network/model.ts';
import type { Network } from '../../../../functions/upscale/network/network.ts';

/** A feature map. */
export interface FeatureMap {
  width: number;
  height: number;
  channels: number;
  /** By row, column and channel. */
  values: Float64Array;
}

export const mapOf = (width: number, height: number, channels: number, value: (at: number) => number): FeatureMap => ({
  width,
  height,
  channels,
  values: new Float64Array(width * height * channels).map((_, at) => value(at)),
});

export const valueAt = ({ width, height, channels, values }: FeatureMap, x: number, y: number, channel: number) =>
  x < 0 || y < 0 || x >= width || y >= height ? 0 : (values[(y * width + x) * channels + channel] as number);

/** A convolution by its definition. */
function convolved(
  reads: readonly { map: FeatureMap; side: number }[],
  { kernels, bias }: Weights,
  { width, height }: { width: number; height: number },
): FeatureMap {
  const outputs = bias.length;
  return mapOf(width, height, outputs, (at) => {
    const output = at % outputs;
    const [x, y] = [Math.floor(at / outputs) % width, Math.floor(at / outputs / width)];
    let sum = bias[output] as number;
    for (const [i, { map, side }] of reads.entries()) {
      const half = (side - 1) / 2;
      const kernel = kernels[i] as Float32Array;
      for (let row = 0; row < side; row++)
        for (let column = 0; column < side; column++)
          for (let input = 0; input < map.channels; input++)
            sum +=
              valueAt(map, x + column - half, y + row - half, input) *
              (kernel[((row * side + column) * map.channels + input) * outputs + output] as number);
    }
    return sum;
  });
}

/** What a network makes of a picture, by the definition of its parts. */
export function enlargedByDefinition({ network, weights }: Model, picture: FeatureMap): FeatureMap {
  const { convolutions, last, scale } = network;
  const { width, height } = picture;
  const maps: Record<string, FeatureMap> = { picture };
  const of = (name: string) => maps[name] as FeatureMap;
  for (const { name, from, relu, plus } of convolutions) {
    const reads = from.map(({ map, kernel }) => ({ map: of(map), side: kernel }));
    const made = convolved(reads, weights.get(name) as Weights, picture);
    const before = relu ? made.values.map((value) => Math.max(0, value)) : made.values;
    const added =
      ({ times, map }: { times: number; map: string }) =>
      (value: number, at: number) =>
        value * times + (of(map).values[at] as number);
    const values = plus.reduce((sum, each) => sum.map(added(each)), before);
    maps[name] = { ...made, values };
  }
  const small = of(last.from);
  const large = mapOf(width * scale, height * scale, last.inputs, (at) => {
    const channel = at % last.inputs;
    const [x, y] = [Math.floor(at / last.inputs) % (width * scale), Math.floor(at / last.inputs / width / scale)];
    // depth_to_space: https://www.tensorflow.org/api_docs/python/tf/nn/depth_to_space.
    const depth = ((y % scale) * scale + (x % scale)) * last.inputs + channel;
    return valueAt(
      small,
      Math.floor(x / scale),
      Math.floor(y / scale),
      last.enlargement === 'nearest' ? channel : depth,
    );
  });
  return convolved([{ map: large, side: 3 }], weights.get(last.name) as Weights, large);
}

/** A network with weights that look like chance. */
export function byChance(network: Network, chance: () => number): Model {
  const numbers = (length: number) => new Float32Array(length).map(chance);
  return {
    network,
    weights: new Map(
      weightSizes(network).map(({ name, kernels, bias }) => [
        name,
        { kernels: kernels.map(numbers), bias: numbers(bias) },
      ]),
    ),
  };
}

/** Numbers from −1 to 1 that look like chance: https://en.wikipedia.org/wiki/Linear_congruential_generator. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
