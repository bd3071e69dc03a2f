import { z } from 'zod';
import type { ConvolutionShape, MapWeights, Precision } from './convolution-shape.ts';
import { BLOCK, MatrixBlockingSchema, matrixShader, weightBlocks } from './matrix-shader.ts';
import { ThreadBlockingSchema, threadShader, weightQuads } from './thread-shader.ts';

/** How a convolution's work is shared out. What it makes is right either way: only how long it takes differs. */
export const BlockingSchema = z.discriminatedUnion('by', [ThreadBlockingSchema, MatrixBlockingSchema]);
export type Blocking = z.infer<typeof BlockingSchema>;

/** WGSL of a convolution. */
export const kernelShader = (shape: ConvolutionShape, blocking: Blocking, precision: Precision): string =>
  blocking.by === 'threads' ? threadShader(shape, blocking, precision) : matrixShader(shape, blocking);

/** Workgroups that make all of a picture of a size. */
export function kernelGroups(
  shape: ConvolutionShape,
  blocking: Blocking,
  { width, height }: { width: number; height: number },
): [x: number, y: number, z: number] {
  const layers = blocking.by === 'threads' ? shape.outputs / blocking.outputs : 1;
  return [Math.ceil(width / blocking.columns), Math.ceil(height / blocking.rows), layers];
}

/** Weights of a map as the kernel reads them. */
export const kernelWeights = (by: Blocking['by'], weights: MapWeights): Float32Array =>
  by === 'threads' ? weightQuads(weights) : weightBlocks(weights);

/** In how many numbers a kernel counts where a map's weights begin. */
export const weightUnit = (by: Blocking['by']): number => (by === 'threads' ? 4 : BLOCK);

/** What a kernel is told: sizes, and where everything begins, in groups of four numbers unless said. */
export interface Task {
  width: number;
  height: number;
  made: number;
  bias: number;
  /** Of each map where it begins, and where its weights begin, in `weightUnit`s. */
  maps: readonly { at: number; weights: number }[];
  /** Maps that are added, and what the sum so far is multiplied with before. */
  plus: readonly { at: number; times: number }[];
}

export function taskWords({ width, height, made, bias, maps, plus }: Task): Uint32Array<ArrayBuffer> {
  const bits = (value: number) => new Uint32Array(new Float32Array([value]).buffer)[0] as number;
  return new Uint32Array([
    ...[width, height, made, bias],
    ...maps.flatMap(({ at, weights }) => [at, weights, 0, 0]),
    ...plus.flatMap(({ at, times }) => [at, bits(times), 0, 0]),
    // Also where nothing is added, the shader's list has a place.
    ...[0, 0, 0, 0],
  ]);
}
