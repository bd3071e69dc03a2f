import { type Convolution, channelsOf, type Network } from '../network/network.ts';
import { quads } from './arena.ts';

/** A map that is read: its groups of four channels, and the side of its square kernel. */
export interface ReadShape {
  quads: number;
  kernel: number;
}

/** What a convolution's shader depends on; the rest it is told when it runs. */
export interface ConvolutionShape {
  reads: readonly ReadShape[];
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

export function shapeOf({ from, outputs, relu, plus }: Convolution, network: Network): ConvolutionShape {
  const channels = channelsOf(network);
  const reads = from.map(({ map, kernel }) => ({ quads: quads(channels.get(map) as number), kernel }));
  return { reads, outputs: quads(outputs), relu, plus: plus.length };
}

/** Equal for shapes that the same shader computes. */
export const shapeName = ({ reads, outputs, relu, plus }: ConvolutionShape): string =>
  `${runsOf(reads)
    .map(({ count, quads, kernel }) => `${kernel}x${kernel} ${count > 1 ? `${count}*` : ''}${quads}`)
    .join(', ')}>${outputs}${relu ? ' relu' : ''}${plus > 0 ? ` +${plus}` : ''}`;

/** The shapes of a network's convolutions by their names, each once. */
export const shapesOf = (network: Network): ReadonlyMap<string, ConvolutionShape> =>
  new Map(network.convolutions.map((each) => shapeOf(each, network)).map((each) => [shapeName(each), each]));

/** Multiply-adds a pixel. */
export const shapeMultiplyAdds = ({ reads, outputs }: ConvolutionShape): number =>
  reads.reduce((sum, { quads, kernel }) => sum + kernel ** 2 * quads * 4 * outputs * 4, 0);

/** Maps one after the other that are read alike. */
export interface Run extends ReadShape {
  first: number;
  count: number;
}

export function runsOf(reads: readonly ReadShape[]): Run[] {
  const runs: Run[] = [];
  reads.forEach(({ quads, kernel }, first) => {
    const last = runs.at(-1);
    if (last?.quads === quads && last.kernel === kernel) last.count++;
    else runs.push({ first, count: 1, quads, kernel });
  });
  return runs;
}
