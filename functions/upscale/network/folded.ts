import type { Model, Weights } from './model.ts';
import { type Convolution, channelsOf, type MapName, type Network } from './network.ts';

/**
 * A model with fewer multiplications that makes the same: where nothing lies between a convolution and those that read it, no
 * ReLU above all, they read what it reads instead, by the product of both kernels, if that is cheaper (Ding et al. 2021,
 * Diverse Branch Block, transform III). Of slim's layers before the first at the large size only eight channels are behind a
 * ReLU: all others are computed from the picture at once, by a kernel of 11 × 11.
 *
 * Where both are larger than 1 × 1, the outermost pixels are others than those of the published network: to that, the map
 * between the two is zero beyond the edge. A picture's margin (`surroundings`) is there for that.
 */
export function folded({ network, weights }: Model): Model {
  const whole = network.convolutions.map((each) => {
    return [each.name, linear(each, weights.get(each.name) as Weights, network)] as const;
  });
  let best = unfinished(network, new Map(whole));
  for (let at = 0; at < best.network.convolutions.length; ) {
    const without = withoutMapAt(best, at);
    const cheaper = without && costOf(without.network) < costOf(best.network);
    if (cheaper) best = without;
    // Without one, what it read may be folded too.
    at = cheaper ? 0 : at + 1;
  }
  const { last } = network;
  const made = best.network.convolutions.map(({ name }): [string, Weights] => {
    const { kernels, bias } = best.weights.get(name) as Linear;
    const numbers = [...kernels.values()].map((kernel) => Float32Array.from(kernel.numbers()));
    return [name, { kernels: numbers, bias: Float32Array.from(bias()) }];
  });
  return { network: best.network, weights: new Map([...made, [last.name, weights.get(last.name) as Weights]]) };
}

/** Devices compute channels in blocks; few are spared that. */
const BLOCK = 16;
const FEW_CHANNELS = 4;

/** What the convolutions cost a pixel: multiply-adds of whole blocks of channels, and reading and writing maps. */
function costOf(network: Network): number {
  const channels = channelsOf(network);
  const blocks = (count: number) => Math.ceil(count / BLOCK) * BLOCK;
  const read = (count: number) => (count <= FEW_CHANNELS ? FEW_CHANNELS : blocks(count));
  return network.convolutions.reduce(
    (sum, { from, outputs }) =>
      from.reduce(
        (all, { map, kernel }) => all + kernel ** 2 * read(channels.get(map) as number) * blocks(outputs),
        sum + outputs,
      ),
    0,
  );
}

/** A model in which nothing reads the map of the convolution at a place any more, as far as it needn't; null where that can't be. */
function withoutMapAt({ network, weights }: Unfinished, at: number): Unfinished | null {
  const maker = network.convolutions[at] as Convolution;
  if (maker.relu) return null;
  const of = (name: string) => weights.get(name) as Linear;
  const made = withSums(maker, of(maker.name));
  const own = new Map(weights);
  const convolutions = network.convolutions.map((reader): Convolution => {
    const adds = reader.plus.some(({ map }) => map === maker.name);
    if (!adds && reader.from.every(({ map }) => map !== maker.name)) return reader;
    // What is added after a ReLU stays.
    const sums = adds && !reader.relu;
    const before = of(reader.name);
    const less = through(sums ? withSums(reader, before) : before, maker.name, made);
    own.set(reader.name, less);
    return sums ? { ...reader, plus: [] } : reader;
  });
  return unfinished({ ...network, convolutions }, own);
}

/** A network that reads each map once, by its kernel, and makes none that isn't read. */
function unfinished(network: Network, weights: Unfinished['weights']): Unfinished {
  const convolutions = network.convolutions.map((each): Convolution => {
    const { kernels } = weights.get(each.name) as Linear;
    return { ...each, from: [...kernels].map(([map, { side }]) => ({ map, kernel: side })) };
  });
  return { network: withoutUnread({ ...network, convolutions }), weights };
}

function withoutUnread(network: Network): Network {
  const read = new Set([network.last.from]);
  const convolutions: Convolution[] = [];
  for (const each of network.convolutions.toReversed()) {
    if (!read.has(each.name)) continue;
    for (const { map } of [...each.from, ...each.plus]) read.add(map);
    convolutions.unshift(each);
  }
  return { ...network, convolutions };
}

/** Numbers that are computed when they are first wanted: most ways to fold come to nothing. */
type Later = () => Float64Array;

function later(compute: Later): Later {
  let numbers: Float64Array | null = null;
  return () => {
    numbers ??= compute();
    return numbers;
  };
}

/** By place, input and output channel. */
interface Kernel {
  side: number;
  inputs: number;
  numbers: Later;
}

/** What a convolution multiplies and sums up, before a ReLU. */
interface Linear {
  outputs: number;
  kernels: ReadonlyMap<MapName, Kernel>;
  bias: Later;
}

interface Unfinished {
  network: Network;
  weights: ReadonlyMap<string, Linear>;
}

function linear({ from, outputs }: Convolution, { kernels, bias }: Weights, network: Network): Linear {
  const channels = channelsOf(network);
  return {
    outputs,
    kernels: from.reduce<Linear['kernels']>((all, { map, kernel: side }, i) => {
      const own = kernels[i] as Float32Array;
      const kernel = { side, inputs: channels.get(map) as number, numbers: () => Float64Array.from(own) };
      return withKernel(all, map, kernel, outputs);
    }, new Map()),
    bias: () => Float64Array.from(bias),
  };
}

/** With what is added to it, where that isn't after a ReLU. */
function withSums({ plus }: Convolution, made: Linear): Linear {
  const { outputs } = made;
  const itself = () => {
    const numbers = new Float64Array(outputs ** 2);
    for (let channel = 0; channel < outputs; channel++) numbers[channel * outputs + channel] = 1;
    return numbers;
  };
  return plus.reduce((sum, { times, map }): Linear => {
    const multiplied = (numbers: Later) => later(() => numbers().map((each) => each * times));
    const kernels = new Map(
      [...sum.kernels].map(([name, kernel]) => [name, { ...kernel, numbers: multiplied(kernel.numbers) }]),
    );
    const added = withKernel(kernels, map, { side: 1, inputs: outputs, numbers: itself }, outputs);
    return { outputs, kernels: added, bias: multiplied(sum.bias) };
  }, made);
}

/** What reads a map, reading what that is made of instead. */
function through(reader: Linear, map: MapName, maker: Linear): Linear {
  const { outputs } = reader;
  const own = reader.kernels.get(map);
  if (!own) return reader;
  const others = new Map([...reader.kernels].filter(([name]) => name !== map));
  const kernels = [...maker.kernels].reduce<Linear['kernels']>(
    (all, [name, kernel]) => withKernel(all, name, product(own, outputs, kernel), outputs),
    others,
  );
  return { outputs, kernels, bias: later(() => biasThrough(reader.bias(), own.numbers(), maker.bias())) };
}

function biasThrough(bias: Float64Array, kernel: Float64Array, before: Float64Array): Float64Array {
  const [outputs, middles] = [bias.length, before.length];
  const sum = bias.slice();
  for (const [at, factor] of kernel.entries())
    add(sum, at % outputs, factor * (before[Math.floor(at / outputs) % middles] as number));
  return sum;
}

/** The kernel that does at once what one does, and then another by the channels that the first makes. */
function product(reader: Kernel, outputs: number, maker: Kernel): Kernel {
  const { inputs } = maker;
  const middles = reader.inputs;
  const side = reader.side + maker.side - 1;
  const numbers = later(() => {
    const sums = new Float64Array(side ** 2 * inputs * outputs);
    const first = maker.numbers();
    for (const [at, factor] of reader.numbers().entries()) {
      const place = Math.floor(at / (middles * outputs));
      const [middle, output] = [Math.floor(at / outputs) % middles, at % outputs];
      const [row, column] = [Math.floor(place / reader.side), place % reader.side];
      for (let from = 0; from < maker.side ** 2; from++) {
        const to = (row + Math.floor(from / maker.side)) * side + column + (from % maker.side);
        for (let input = 0; input < inputs; input++)
          add(
            sums,
            (to * inputs + input) * outputs + output,
            factor * (first[(from * inputs + input) * middles + middle] as number),
          );
      }
    }
    return sums;
  });
  return { side, inputs, numbers };
}

/** With a kernel added to that by which a map is read already; the smaller of the two gets zeros around it. */
function withKernel(kernels: Linear['kernels'], map: MapName, more: Kernel, outputs: number): Linear['kernels'] {
  const there = kernels.get(map);
  if (!there) return new Map([...kernels, [map, more]]);
  const { inputs } = more;
  const side = Math.max(there.side, more.side);
  const row = inputs * outputs;
  const numbers = later(() => {
    const sums = new Float64Array(side ** 2 * row);
    for (const { side: own, numbers: some } of [there, more])
      for (const [at, each] of some().entries()) {
        const grown = (side - own) / 2;
        const place = Math.floor(at / row);
        add(sums, ((Math.floor(place / own) + grown) * side + (place % own) + grown) * row + (at % row), each);
      }
    return sums;
  });
  return new Map([...kernels, [map, { side, inputs, numbers }]]);
}

const add = (numbers: Float64Array, at: number, more: number) => {
  numbers[at] = (numbers[at] as number) + more;
};
