import { type Convolution, channelsOf, type Network } from '../network/network.ts';
import { arenaOf, quads } from './arena.ts';
import {
  type Blocking,
  type ConvolutionShape,
  nearBytes,
  type Precision,
  quadBytes,
  threadsOf,
} from './convolution-shader.ts';
import type { Gpu } from './dawn.ts';

/** What a convolution's shader depends on. */
export function shapeOf({ from, kernel, outputs, relu, plus }: Convolution, network: Network): ConvolutionShape {
  const channels = channelsOf(network);
  return {
    maps: from.length,
    depth: from.reduce((common, map) => commonDivisor(common, quads(channels.get(map) as number)), 0),
    kernel,
    outputs: quads(outputs),
    relu,
    plus: plus.length,
  };
}

/** Equal for shapes that the same shader computes. */
export const shapeName = ({ maps, depth, kernel, outputs, relu, plus }: ConvolutionShape): string =>
  `${kernel}x${kernel} ${maps}*${depth}>${outputs}${relu ? ' relu' : ''}${plus > 0 ? ` +${plus}` : ''}`;

/** The shapes of a network's convolutions by their names, each once. */
export const shapesOf = (network: Network): ReadonlyMap<string, ConvolutionShape> =>
  new Map(network.convolutions.map((each) => shapeOf(each, network)).map((each) => [shapeName(each), each]));

interface DeviceLimits {
  /** Bytes of memory that threads of a workgroup share. */
  workgroupBytes: number;
  /** Threads of a workgroup. */
  threads: number;
}

export const limitsOf = ({ limits }: Gpu): DeviceLimits => ({
  workgroupBytes: limits.maxComputeWorkgroupStorageSize,
  threads: limits.maxComputeInvocationsPerWorkgroup,
});

/** Ways to share out a convolution's work that a device allows, the one that is good on most devices first. */
export function blockingsOf(shape: ConvolutionShape, limits: DeviceLimits, precision: Precision): Blocking[] {
  const outputs = largestDivisor(shape.outputs, 16);
  const all = PIXELS.flatMap(([columns, rows]) =>
    [4, 8].flatMap((pixelsOfThread) =>
      [2, 4, 1].flatMap((most) =>
        [2, 4, 1].map((depth): Blocking => {
          const outputsOfThread = largestDivisor(outputs, most);
          return {
            ...{ columns, rows, outputs, pixelsOfThread, outputsOfThread },
            depth: largestDivisor(shape.depth, depth),
          };
        }),
      ),
    ),
  );
  const names = new Set<string>();
  const fits = all.filter((blocking) => {
    const name = JSON.stringify(blocking);
    const threads = threadsOf(blocking);
    const isNew = !names.has(name);
    names.add(name);
    return (
      isNew &&
      threads >= 32 &&
      threads <= limits.threads &&
      nearBytes(shape, blocking, precision) <= limits.workgroupBytes
    );
  });
  return fits.sort((a, b) => unlikely(a) - unlikely(b));
}

const PIXELS = [
  [16, 8],
  [8, 8],
  [16, 16],
  [32, 8],
  [32, 16],
] as const;

/** How far it is from what is good on most devices: a few warps, and enough sums in a thread's registers. */
const unlikely = (blocking: Blocking): number =>
  Math.abs(Math.log2(threadsOf(blocking) / 64)) +
  Math.abs(Math.log2((blocking.pixelsOfThread * blocking.outputsOfThread) / 16)) +
  Math.abs(Math.log2(blocking.depth / 2)) / 2;

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

function largestDivisor(of: number, most: number): number {
  for (let divisor = Math.min(of, most); divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return 1;
}

/** Bytes that a pixel of the small picture takes while its network is computed. */
export const bytesOfPixel = (network: Network, precision: Precision): number =>
  arenaOf(network).depth * quadBytes(precision);
