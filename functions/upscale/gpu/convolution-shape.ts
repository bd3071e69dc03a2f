import { type Convolution, channelsOf, type Network } from '../network/network.ts';
import { quads } from './arena.ts';

/** What a convolution's shader depends on; the rest it is told when it runs. */
export interface ConvolutionShape {
  /** Groups of four channels of each map that it reads. */
  inputs: readonly number[];
  kernel: 1 | 3 | 5;
  /** Groups of four channels that it makes. */
  outputs: number;
  relu: boolean;
  /** How many maps are added. */
  plus: number;
}

/** What numbers are kept as between layers. Sums are 32-bit floats either way. */
export type Precision = 'f16' | 'f32';

/** Bytes of four numbers, which is what is read and written at once. */
export const quadBytes = (precision: Precision): number => 4 * (precision === 'f16' ? 2 : 4);

/** A convolution's weights for one of the maps that it reads. */
export interface MapWeights {
  kernel: number;
  /** Channels. */
  inputs: number;
  outputs: number;
  weightOf: (tap: number, input: number, output: number) => number;
}

export function shapeOf({ from, kernel, outputs, relu, plus }: Convolution, network: Network): ConvolutionShape {
  const channels = channelsOf(network);
  const inputs = from.map((map) => quads(channels.get(map) as number));
  return { inputs, kernel, outputs: quads(outputs), relu, plus: plus.length };
}

/** Equal for shapes that the same shader computes. */
export const shapeName = ({ inputs, kernel, outputs, relu, plus }: ConvolutionShape): string =>
  `${kernel}x${kernel} ${runsOf(inputs)
    .map(({ count, quads }) => (count > 1 ? `${count}*${quads}` : String(quads)))
    .join(',')}>${outputs}${relu ? ' relu' : ''}${plus > 0 ? ` +${plus}` : ''}`;

/** The shapes of a network's convolutions by their names, each once. */
export const shapesOf = (network: Network): ReadonlyMap<string, ConvolutionShape> =>
  new Map(network.convolutions.map((each) => shapeOf(each, network)).map((each) => [shapeName(each), each]));

/** Maps one after the other that have as many channels, in groups of four. */
export function runsOf(inputs: readonly number[]): { first: number; count: number; quads: number }[] {
  const runs: { first: number; count: number; quads: number }[] = [];
  inputs.forEach((own, first) => {
    const last = runs.at(-1);
    if (last?.quads === own) last.count++;
    else runs.push({ first, count: 1, quads: own });
  });
  return runs;
}

/** Groups of four channels that divide those of each map. */
export const depthOf = ({ inputs }: ConvolutionShape): number => inputs.reduce(commonDivisor, 0);

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));
