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
