import type { Network } from '../network/network.ts';
import { arenaOf } from './arena.ts';
import { type ConvolutionShape, type Precision, quadBytes, shapeName } from './convolution-shape.ts';
import type { Gpu } from './dawn.ts';
import { largestDivisor } from './divisor.ts';
import type { Blocking } from './kernel.ts';
import { type MatrixBlocking, matrixBytes, matrixThreads, outputBlocks, SIDE } from './matrix-shader.ts';
import { blockingThreads, type ThreadBlocking, threadBytes } from './thread-shader.ts';

/** What bounds a workgroup on a device. */
export interface DeviceLimits {
  /** Bytes of memory that threads of a workgroup share. */
  workgroupBytes: number;
  /** Threads of a workgroup. */
  threads: number;
  /** Threads that multiply matrices together; null where the device has no units for that. */
  subgroup: number | null;
}

export const limitsOf = ({ limits, subgroup }: Pick<Gpu, 'limits' | 'subgroup'>): DeviceLimits => ({
  workgroupBytes: limits.maxComputeWorkgroupStorageSize,
  threads: limits.maxComputeInvocationsPerWorkgroup,
  subgroup,
});

/** Bytes of the largest buffer that a shader may read and write. */
export const mostBytes = ({ limits }: Pick<Gpu, 'limits'>): number =>
  Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);

/**
 * Ways to share out a convolution's work by threads that a device allows, the one that is good on most devices first.
 *
 * @throws when it allows none.
 */
export function threadBlockingsOf(
  shape: ConvolutionShape,
  limits: DeviceLimits,
  precision: Precision,
): readonly [ThreadBlocking, ...ThreadBlocking[]] {
  const fits = (blocking: ThreadBlocking) => {
    const threads = blockingThreads(blocking);
    const enough = threads >= 32 && threads <= limits.threads;
    return enough && threadBytes(shape, blocking, precision) <= limits.workgroupBytes;
  };
  // Half of the outputs only where all are too many.
  const [first, ...others] =
    [16, 8, 4, 1]
      .map((most) => threadBlockingsFor(shape, largestDivisor(shape.outputs, most)).filter(fits))
      .find((some) => some.length > 0)
      ?.sort((a, b) => unlikely(a) - unlikely(b)) ?? [];
  if (!first) throw new Error(`The GPU gives a workgroup too few threads or too little memory for ${shapeName(shape)}`);
  return [first, ...others];
}

function threadBlockingsFor(shape: ConvolutionShape, outputs: number): ThreadBlocking[] {
  const depths = new Set(
    [2, 4, 1].map((most) => Math.max(...shape.reads.map(({ quads }) => largestDivisor(quads, most)))),
  );
  const all = PIXELS.flatMap(([columns, rows]) =>
    [4, 8].flatMap((pixelsOfThread) =>
      [2, 4, 1].flatMap((most) =>
        [...depths].map((depth): ThreadBlocking => {
          const outputsOfThread = largestDivisor(outputs, most);
          return { by: 'threads', columns, rows, outputs, pixelsOfThread, outputsOfThread, depth };
        }),
      ),
    ),
  );
  return eachOnce(all);
}

const PIXELS = [
  [16, 8],
  [8, 8],
  [16, 16],
  [32, 8],
  [32, 16],
] as const;

/** How far it is from what is good on most devices: a few warps, and enough sums in a thread's registers. */
const unlikely = (blocking: ThreadBlocking): number =>
  Math.abs(Math.log2(blockingThreads(blocking) / 64)) +
  Math.abs(Math.log2((blocking.pixelsOfThread * blocking.outputsOfThread) / 16)) +
  Math.abs(Math.log2(blocking.depth / 2)) / 2;

/** Ways to share it out among units that multiply matrices, the likely ones first; none where the device has none. */
export function matrixBlockingsOf(shape: ConvolutionShape, limits: DeviceLimits): MatrixBlocking[] {
  const { subgroup } = limits;
  if (subgroup === null) return [];
  const mostDepth = Math.max(...shape.reads.map(({ quads }) => Math.ceil(quads / (SIDE / 4))));
  // Only what is read without its neighbours can be multiplied as it lies.
  const pixels = shape.reads.some(({ quads, kernel }) => kernel === 1 && quads % (SIDE / 4) === 0)
    ? [false, true]
    : [true];
  const all = MATRIX_PIXELS.flatMap(([columns, rows]) =>
    [8, 4, 2, 1].flatMap((strips) =>
      [4, 2, 1].flatMap((most) =>
        [1, 2, 4].flatMap((depth) =>
          [false, true].flatMap((weightsNear) =>
            pixels.map(
              (pixelsNear): MatrixBlocking => ({
                ...{ by: 'matrices', columns, rows, strips, weightsNear, pixelsNear, subgroup },
                blocks: largestDivisor(outputBlocks(shape), most),
                depth: Math.min(depth, mostDepth),
              }),
            ),
          ),
        ),
      ),
    ),
  );
  return eachOnce(all)
    .filter((blocking) => {
      const threads = matrixThreads(shape, blocking);
      const fits = threads >= 64 && threads <= Math.min(512, limits.threads);
      const inRegisters = blocking.strips * blocking.blocks <= MOST_SUMS;
      // A subgroup's strips lie one below the other.
      const whole = blocking.rows % blocking.strips === 0;
      return (
        fits &&
        inRegisters &&
        whole &&
        Number.isInteger(threads / subgroup) &&
        matrixBytes(shape, blocking) <= limits.workgroupBytes
      );
    })
    .sort((a, b) => unlikelyMatrices(shape, a) - unlikelyMatrices(shape, b));
}

const MATRIX_PIXELS = [
  [32, 8],
  [16, 16],
  [16, 8],
  [32, 4],
  [32, 16],
  [16, 32],
] as const;

/** Matrices of sums that a subgroup of 32 has registers for. */
const MOST_SUMS = 16;

/** Few channels near at once and weights from afar were the fastest on an H100; rows of pixels are fetched once for many strips. */
const unlikelyMatrices = (shape: ConvolutionShape, blocking: MatrixBlocking): number =>
  Math.abs(Math.log2(matrixThreads(shape, blocking) / 256)) / 2 +
  Math.abs(Math.log2((blocking.strips * blocking.blocks) / 8)) +
  Math.abs(Math.log2(blocking.strips / 8)) / 2 +
  Math.log2(blocking.depth) / 2 +
  (blocking.weightsNear ? 0.5 : 0) +
  (blocking.pixelsNear && shape.reads.every(({ kernel }) => kernel === 1) ? 1 : 0);

/** All ways that may be the best on a device, those by threads first; so many of each at most. */
export const blockingsOf = (
  shape: ConvolutionShape,
  limits: DeviceLimits,
  precision: Precision,
  most: number,
): readonly [ThreadBlocking, ...Blocking[]] => {
  const [first, ...others] = threadBlockingsOf(shape, limits, precision);
  const matrices = precision === 'f16' ? matrixBlockingsOf(shape, limits).slice(0, most) : [];
  return [first, ...others.slice(0, most - 1), ...matrices];
};

const eachOnce = <T>(all: readonly T[]): T[] => [
  ...new Map(all.map((blocking) => [JSON.stringify(blocking), blocking])).values(),
];

/** Bytes that a pixel of the small picture takes while its network is computed. */
export const bytesOfPixel = (network: Network, precision: Precision): number =>
  arenaOf(network).depth * quadBytes(precision);
