import type { Model, Weights } from './model.ts';
import { type Convolution, channelsOf, type MapName, type Network, reach } from './network.ts';

/**
 * A model with fewer multiplications that makes the same: of two convolutions with no ReLU between them, the second reads
 * what the first one reads, by the product of both kernels, where that is cheaper (Ding et al. 2021, Diverse Branch Block,
 * transform III). A convolution that nobody reads any more is left out.
 *
 * Where both are larger than 1 × 1, the outermost pixels are others than those of the published network: to that, the map
 * between the two is zero beyond the edge. A picture's margin (`surroundings`) is there for that.
 */
export function folded(model: Model): Model {
  let best = model;
  for (let at = 0; at < best.network.convolutions.length; ) {
    const { network: before } = best;
    const cheaper = foldsAt(before, at).find(
      // What is added at one place must not come to be read at many.
      ({ network }) => costOf(network) < costOf(before) && reach(network) <= reach(before),
    );
    // What became shorter may be again.
    if (cheaper) at = 0;
    else at++;
    if (cheaper) best = { network: cheaper.network, weights: weightsOf(best, cheaper) };
  }
  return best;
}

/** Devices compute channels in blocks; only the picture's few are spared that. */
const BLOCK = 16;
const PICTURE_CHANNELS = 4;

/** What the convolutions cost a pixel: multiply-adds of whole blocks of channels. */
function costOf({ convolutions }: Network): number {
  const blocks = (channels: number) => Math.ceil(channels / BLOCK) * BLOCK;
  const read = (channels: number) => (channels <= PICTURE_CHANNELS ? PICTURE_CHANNELS : blocks(channels));
  return convolutions.reduce(
    (sum, { kernel, inputs, outputs }) => sum + kernel ** 2 * read(inputs) * blocks(outputs),
    0,
  );
}

/** A convolution that reads what another one reads, instead of what that one makes. */
interface Fold {
  reader: Convolution;
  maker: Convolution;
  joined: Convolution;
  /** With it. */
  network: Network;
}

/** All that can be done with the convolution at a place of a network. */
function foldsAt(network: Network, at: number): Fold[] {
  const reader = network.convolutions[at] as Convolution;
  const channels = channelsOf(network);
  return reader.from.flatMap((map) => {
    const maker = network.convolutions.find(({ name }) => name === map);
    const kernel = maker && kernelOf(reader.kernel + maker.kernel - 1);
    if (!maker || maker.relu || !kernel) return [];
    const others = reader.from.filter((each) => each !== map);
    const from = [...new Set([...others, ...maker.from, ...maker.plus.map((each) => each.map)])];
    const inputs = from.reduce((sum, each) => sum + (channels.get(each) as number), 0);
    const joined = { ...reader, from, kernel, inputs };
    return [{ reader, maker, joined, network: withoutUnread(network, network.convolutions.with(at, joined)) }];
  });
}

const kernelOf = (side: number): Convolution['kernel'] | null =>
  ([1, 3, 5] as const).find((each) => each === side) ?? null;

function withoutUnread(network: Network, all: readonly Convolution[]): Network {
  const read = new Set([network.last.from]);
  const convolutions: Convolution[] = [];
  for (const each of all.toReversed()) {
    if (!read.has(each.name)) continue;
    for (const map of [...each.from, ...each.plus.map(({ map }) => map)]) read.add(map);
    convolutions.unshift(each);
  }
  return { ...network, convolutions };
}

function weightsOf({ network, weights }: Model, fold: Fold): Model['weights'] {
  const channels = channelsOf(network);
  const { joined, reader, maker } = fold;
  const first = linearWithSums(maker, weights, channels);
  const made = product(linear(reader, weights, channels), maker.name, first, joined.kernel);
  return new Map(
    [...fold.network.convolutions, fold.network.last].map(({ name }) => {
      const own = name === joined.name ? laidOut(made, joined.from) : weights.get(name);
      return [name, own as Weights];
    }),
  );
}

/** What is multiplied and summed up before a ReLU: for each map a kernel by place, input and output channel. */
interface Linear {
  side: number;
  outputs: number;
  kernels: Map<MapName, Float64Array>;
  bias: Float32Array;
}

type Channels = ReadonlyMap<MapName, number>;

/** A convolution without its ReLU and its sums. */
function linear(
  { name, from, kernel: side, inputs, outputs }: Convolution,
  weights: Model['weights'],
  channels: Channels,
): Linear {
  const { kernel, bias } = weights.get(name) as Weights;
  const made: Linear = { side, outputs, kernels: new Map(), bias: bias.slice() };
  let first = 0;
  for (const map of from) {
    const count = channels.get(map) as number;
    const own = kernelAt(made, map, count);
    for (let place = 0; place < side ** 2; place++)
      for (let n = 0; n < count * outputs; n++)
        add(own, place * count * outputs + n, kernel[(place * inputs + first) * outputs + n] as number);
    first += count;
  }
  return made;
}

/** One that has no ReLU, with its sums. */
function linearWithSums(convolution: Convolution, weights: Model['weights'], channels: Channels): Linear {
  const made = linear(convolution, weights, channels);
  const { side, outputs } = made;
  for (const { times, map } of convolution.plus) {
    for (const kernel of made.kernels.values())
      for (const at of kernel.keys()) kernel[at] = (kernel[at] as number) * times;
    made.bias = made.bias.map((each) => each * times);
    const own = kernelAt(made, map, outputs);
    const centre = (side ** 2 - 1) / 2;
    for (let channel = 0; channel < outputs; channel++) add(own, (centre * outputs + channel) * outputs + channel, 1);
  }
  return made;
}

/** What reads a map, reading what that is made of instead. */
function product(reader: Linear, map: MapName, maker: Linear, side: number): Linear {
  const { outputs } = reader;
  const made: Linear = { side, outputs, kernels: new Map(), bias: reader.bias.slice() };
  const grown = (side - reader.side) / 2;
  for (const [other, kernel] of reader.kernels) {
    if (other === map) continue;
    const count = kernel.length / (reader.side ** 2 * outputs);
    const own = kernelAt(made, other, count);
    for (let row = 0; row < reader.side; row++)
      for (let column = 0; column < reader.side; column++)
        for (let n = 0; n < count * outputs; n++)
          add(
            own,
            ((row + grown) * side + column + grown) * count * outputs + n,
            kernel[(row * reader.side + column) * count * outputs + n] as number,
          );
  }
  const through = reader.kernels.get(map) as Float64Array;
  for (let at = 0; at < through.length; at++) {
    const [place, middle, output] = [
      Math.floor(at / (maker.outputs * outputs)),
      Math.floor(at / outputs) % maker.outputs,
      at % outputs,
    ];
    const factor = through[at] as number;
    const [row, column] = [Math.floor(place / reader.side), place % reader.side];
    made.bias[output] = (made.bias[output] as number) + factor * (maker.bias[middle] as number);
    for (const [read, kernel] of maker.kernels) {
      const count = kernel.length / (maker.side ** 2 * maker.outputs);
      const own = kernelAt(made, read, count);
      for (let from = 0; from < maker.side ** 2; from++) {
        const to = (row + Math.floor(from / maker.side)) * side + column + (from % maker.side);
        for (let input = 0; input < count; input++)
          add(
            own,
            (to * count + input) * outputs + output,
            factor * (kernel[(from * count + input) * maker.outputs + middle] as number),
          );
      }
    }
  }
  return made;
}

/** Where a map's kernel is; zeros where there is none yet. */
function kernelAt({ side, outputs, kernels }: Linear, map: MapName, channels: number): Float64Array {
  const there = kernels.get(map) ?? new Float64Array(side ** 2 * channels * outputs);
  kernels.set(map, there);
  return there;
}

const add = (numbers: Float64Array, at: number, more: number) => {
  numbers[at] = (numbers[at] as number) + more;
};

/** All maps' kernels as one, in an order of the maps. */
function laidOut({ side, kernels, bias }: Linear, order: readonly MapName[]): Weights {
  const places = Array.from({ length: side ** 2 }, (_, place) => place);
  const numbers = places.flatMap((place) =>
    order.flatMap((map) => {
      const kernel = kernels.get(map) as Float64Array;
      const length = kernel.length / side ** 2;
      return [...kernel.subarray(place * length, (place + 1) * length)];
    }),
  );
  return { kernel: Float32Array.from(numbers), bias };
}
