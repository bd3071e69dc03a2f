import type { ConvolutionShape } from './convolution-shape.ts';

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

/** The same as WGSL has it, and what a kernel reads and writes: feature maps and weights in groups of four, of type `number`. */
export const kernelTask = ({ reads, plus }: ConvolutionShape, number: string): string => `struct Task {
  width: u32,
  height: u32,
  made: u32,
  bias: u32,
  // Of each map: where it begins, and where its weights begin.
  maps: array<vec4u, ${reads.length}>,
  plus: array<vec4u, ${Math.max(1, plus)}>,
}
@group(0) @binding(0) var<storage, read_write> arena: array<vec4<${number}>>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<${number}>>;
@group(0) @binding(2) var<uniform> task: Task;`;
