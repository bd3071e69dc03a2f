import { z } from 'zod';
import { type ConvolutionShape, type MapWeights, runsOf } from './convolution-shape.ts';

const count = z.number().int().positive();

/** How the work is shared out among subgroups of threads that multiply matrices together. */
export const MatrixBlockingSchema = z.object({
  by: z.literal('matrices'),
  /** Pixels of a workgroup; columns are a multiple of 16. */
  columns: count,
  rows: count,
  /** Strips of 16 pixels of a subgroup, and blocks of 16 output channels: divisors of the workgroup's. */
  strips: count,
  blocks: count,
  /** Blocks of 16 input channels that are brought near at once. */
  depth: count,
  /** Places of the kernel whose weights are brought near at once: a divisor of their number, or 0 where they are read from afar. */
  places: z.number().int().nonnegative(),
  /** Threads of a subgroup. */
  subgroup: count,
});
export type MatrixBlocking = z.infer<typeof MatrixBlockingSchema>;

/** Side of the matrices that are multiplied: of 16-bit numbers to 32-bit sums. */
export const SIDE = 16;
const QUADS = SIDE / 4;
/** Numbers of a block of weights, and groups of four. */
export const BLOCK = SIDE * SIDE;
/** What fills up rows of memory, so that rows of a matrix don't lie in the same bank. */
const FILL = 2;
/** Blocks of sums that a subgroup writes down at once on their way to 16-bit numbers. */
const SUM_BLOCKS = 2;

const blocksIn = (quads: number) => Math.ceil(quads / QUADS);

/** Blocks of 16 output channels of a shape. */
export const outputBlocks = ({ outputs }: ConvolutionShape): number => blocksIn(outputs);

const subgroupsOf = (shape: ConvolutionShape, blocking: MatrixBlocking): number =>
  (((blocking.columns / SIDE) * blocking.rows) / blocking.strips) * (outputBlocks(shape) / blocking.blocks);

export const matrixThreads = (shape: ConvolutionShape, blocking: MatrixBlocking): number =>
  subgroupsOf(shape, blocking) * blocking.subgroup;

/** Groups of four of workgroup memory: pixels, weights and sums. */
function memoryOf(shape: ConvolutionShape, blocking: MatrixBlocking) {
  const { columns, rows, depth, places, blocks } = blocking;
  const near = { columns: columns + shape.kernel - 1, rows: rows + shape.kernel - 1 };
  const stride = depth * QUADS + FILL;
  const sumBlocks = Math.min(SUM_BLOCKS, blocks);
  return {
    near,
    stride,
    pixels: near.columns * near.rows * stride,
    weightStride: QUADS + FILL,
    weights: places * depth * outputBlocks(shape) * SIDE * (QUADS + FILL),
    sumBlocks,
    sumStride: sumBlocks * QUADS + 1,
    sums: subgroupsOf(shape, blocking) * SIDE * (sumBlocks * QUADS + 1),
  };
}

/** Bytes of workgroup memory. */
export function matrixBytes(shape: ConvolutionShape, blocking: MatrixBlocking): number {
  const { pixels, weights, sums } = memoryOf(shape, blocking);
  return (pixels + weights) * 8 + sums * 16;
}

const times = <T>(count: number, each: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => each(i));

/**
 * WGSL of a convolution as `threadShader` has it, by units that multiply matrices (tensor cores; WebGPU's subgroup
 * matrices). A matrix's rows are 16 pixels beside each other, its columns 16 channels; what is read for one place of the kernel
 * is the same memory, moved by a pixel. The order of sums is the same at each pixel, wherever it lies.
 */
export function matrixShader(shape: ConvolutionShape, blocking: MatrixBlocking): string {
  const { inputs, kernel, outputs, relu, plus } = shape;
  const { columns, rows, strips, blocks, depth, places } = blocking;
  const radius = (kernel - 1) / 2;
  const memory = memoryOf(shape, blocking);
  const { near, stride, weightStride, sumBlocks, sumStride } = memory;
  const allBlocks = outputBlocks(shape);
  const threads = matrixThreads(shape, blocking);
  const outputGroups = allBlocks / blocks;
  const across = columns / SIDE;
  const matrix = (side: string, number: string) => `subgroup_matrix_${side}<${number}, ${SIDE}, ${SIDE}>`;
  const each = (text: (strip: number, block: number) => string, indent: string) =>
    times(strips, (s) => times(blocks, (b) => `${indent}${text(s, b)}`).join('\n')).join('\n');
  const sum = (strip: number, block: number) => `sum_${strip}_${block}`;

  const multiply = (steps: number, weightsAt: (block: number) => string, from: string, order: string) => `
          for (var step = 0u; step < ${steps}u; step++) {
${times(blocks, (b) => `            let factors_${b} = subgroupMatrixLoad<${matrix('right', 'f16')}, col_major>(&${from}, ${weightsAt(b)}, ${order});`).join('\n')}
${times(
  strips,
  (
    s,
  ) => `            let pixels_${s} = subgroupMatrixLoad<${matrix('left', 'f16')}, row_major>(&near, (place + ${`at_${s}`}) * ${stride}u + step * ${QUADS}u, ${stride}u);
${times(blocks, (b) => `            ${sum(s, b)} = subgroupMatrixMultiplyAccumulate(pixels_${s}, factors_${b}, ${sum(s, b)});`).join('\n')}`,
).join('\n')}
          }`;

  /** Brings `quads` groups of four channels of a map that has `own` near, from `quad` on, and adds up what they make. */
  const stage = (quads: number, own: number) => {
    const steps = blocksIn(quads);
    const filled = steps * QUADS;
    const whole = blocksIn(own);
    const tapBlocks = steps * allBlocks;
    const far = (tap: string) =>
      multiply(
        steps,
        (b) =>
          `(start + (${tap} * ${whole}u + quad / ${QUADS}u + step) * ${allBlocks}u + firstBlock + ${b}u) * ${BLOCK / 4}u`,
        'weights',
        `${QUADS}u`,
      );
    const close = multiply(
      steps,
      (b) => `((within * ${steps}u + step) * ${allBlocks}u + firstBlock + ${b}u) * ${SIDE * weightStride}u`,
      'factors',
      `${weightStride}u`,
    );
    return `
      workgroupBarrier();
      for (var i = thread; i < ${near.columns * near.rows * filled}u; i += ${threads}u) {
        let pixel = i / ${filled}u;
        let some = i % ${filled}u;
        let at = origin + vec2i(i32(pixel % ${near.columns}u), i32(pixel / ${near.columns}u)) - ${radius};
        var value = vec4<f16>();
        if (at.x >= 0 && at.y >= 0 && at.x < i32(task.width) && at.y < i32(task.height)${filled > quads ? ` && some < ${quads}u` : ''}) {
          value = arena[mapAt + (u32(at.y) * task.width + u32(at.x)) * ${own}u + quad + some];
        }
        near[pixel * ${stride}u + some] = value;
      }
${
  places === 0
    ? `      workgroupBarrier();
      for (var tap = 0u; tap < ${kernel ** 2}u; tap++) {
        let place = (tap / ${kernel}u) * ${near.columns}u + tap % ${kernel}u;${far('tap')}
      }`
    : `      for (var tap = 0u; tap < ${kernel ** 2}u; tap += ${places}u) {
        ${kernel ** 2 > places ? 'if (tap > 0u) { workgroupBarrier(); }' : ''}
        for (var i = thread; i < ${places * tapBlocks * (BLOCK / 4)}u; i += ${threads}u) {
          let block = i / ${BLOCK / 4}u;
          let some = i % ${BLOCK / 4}u;
          let first = start + ((tap + block / ${tapBlocks}u) * ${whole}u + quad / ${QUADS}u) * ${allBlocks}u + block % ${tapBlocks}u;
          factors[(block * ${SIDE}u + some / ${QUADS}u) * ${weightStride}u + some % ${QUADS}u] = weights[first * ${BLOCK / 4}u + some];
        }
        workgroupBarrier();
        for (var within = 0u; within < ${places}u; within++) {
          let place = ((tap + within) / ${kernel}u) * ${near.columns}u + (tap + within) % ${kernel}u;${close}
        }
      }`
}`;
  };

  const maps = runsOf(inputs).map(({ first, count, quads }) => {
    const most = depth * QUADS;
    const wholeStages = Math.floor(quads / most);
    const rest = quads % most;
    return `  for (var map = ${first}u; map < ${first + count}u; map++) {
    let mapAt = task.maps[map].x;
    let start = task.maps[map].z;
${wholeStages > 0 ? `    for (var quad = 0u; quad < ${wholeStages * most}u; quad += ${most}u) {${stage(most, quads)}\n    }` : ''}
${rest > 0 ? `    {\n      let quad = ${wholeStages * most}u;${stage(rest, quads)}\n    }` : ''}
  }`;
  });

  const chunks = Math.ceil(blocks / sumBlocks);
  const written = times(strips, (s) =>
    times(chunks, (c) => {
      const own = Math.min(sumBlocks, blocks - c * sumBlocks);
      return `  workgroupBarrier();
${times(own, (b) => `  subgroupMatrixStore<row_major>(&sums, sumsAt + ${b * QUADS}u, ${sum(s, c * sumBlocks + b)}, ${sumStride}u);`).join('\n')}
  workgroupBarrier();
  for (var i = lane; i < ${SIDE * own * QUADS}u; i += ${blocking.subgroup}u) {
    let x = u32(origin.x) + at_${s} % ${near.columns}u + i / ${own * QUADS}u;
    let y = u32(origin.y) + at_${s} / ${near.columns}u;
    let output = (firstBlock + ${c * sumBlocks}u) * ${QUADS}u + i % ${own * QUADS}u;
    if (x < task.width && y < task.height${outputs % QUADS > 0 ? ` && output < ${outputs}u` : ''}) {
      let place = (y * task.width + x) * ${outputs}u + output;
      var value = sums[sumsAt + (i / ${own * QUADS}u) * ${sumStride}u + i % ${own * QUADS}u] + vec4f(weights[task.bias + output]);
      ${relu ? 'value = max(value, vec4f());' : ''}
${times(plus, (p) => `      value = value * bitcast<f32>(task.plus[${p}].y) + vec4f(arena[task.plus[${p}].x + place]);`).join('\n')}
      arena[task.made + place] = vec4<f16>(value);
    }
  }`;
    }).join('\n'),
  ).join('\n');

  return `enable f16;
enable subgroups;
enable chromium_experimental_subgroup_matrix;
struct Task {
  width: u32,
  height: u32,
  made: u32,
  bias: u32,
  // Of each map: where it begins, its groups of four channels, and which block of weights is its first.
  maps: array<vec4u, ${inputs.length}>,
  plus: array<vec4u, ${Math.max(1, plus)}>,
}
@group(0) @binding(0) var<storage, read_write> arena: array<vec4<f16>>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<f16>>;
@group(0) @binding(2) var<uniform> task: Task;
var<workgroup> near: array<vec4<f16>, ${memory.pixels}>;
${places > 0 ? `var<workgroup> factors: array<vec4<f16>, ${memory.weights}>;` : ''}
var<workgroup> sums: array<vec4f, ${memory.sums}>;

@compute @workgroup_size(${threads})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let origin = vec2i(i32(group.x) * ${columns}, i32(group.y) * ${rows});
  let firstBlock = (subgroup % ${outputGroups}u) * ${blocks}u;
  let firstStrip = (subgroup / ${outputGroups}u) * ${strips}u;
  let sumsAt = subgroup * ${SIDE * sumStride}u;
  // Where each strip begins among the pixels that are near.
${times(strips, (s) => `  let at_${s} = ((firstStrip + ${s}u) / ${across}u) * ${near.columns}u + ((firstStrip + ${s}u) % ${across}u) * ${SIDE}u;`).join('\n')}
${each((s, b) => `var ${sum(s, b)}: ${matrix('result', 'f32')};`, '  ')}
${maps.join('\n')}
${written}
}
`;
}

/** The weights of a map as `matrixShader` reads them: blocks of 16 inputs by 16 outputs, an output's inputs after each other. */
export function weightBlocks({ kernel, inputs, outputs, weightOf }: MapWeights): Float32Array {
  const [down, across] = [Math.ceil(inputs / SIDE), Math.ceil(outputs / SIDE)];
  const numbers = new Float32Array(kernel ** 2 * down * across * BLOCK);
  for (let tap = 0; tap < kernel ** 2; tap++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++) {
        const block = (tap * down + Math.floor(input / SIDE)) * across + Math.floor(output / SIDE);
        numbers[block * BLOCK + (output % SIDE) * SIDE + (input % SIDE)] = weightOf(tap, input, output);
      }
  return numbers;
}
