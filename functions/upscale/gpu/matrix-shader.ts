import { z } from 'zod';
import { type ConvolutionShape, type MapWeights, type ReadShape, type Run, runsOf } from './convolution-shape.ts';
import { kernelTask } from './kernel-task.ts';
import { times } from './wgsl.ts';

const count = z.number().int().positive();

/** How the work is shared out among subgroups of threads that multiply matrices together. */
export const MatrixBlockingSchema = z.object({
  by: z.literal('matrices'),
  /** Pixels of a workgroup; columns are a multiple of 16. */
  columns: count,
  rows: count,
  /** Strips of 16 pixels of a subgroup, one below the other, and blocks of 16 output channels: divisors of the workgroup's. */
  strips: count,
  blocks: count,
  /** Blocks of 16 input channels that are brought near at once. */
  depth: count,
  /** Whether the weights for a column of the kernel are brought near, too, or each subgroup reads them from afar. */
  weightsNear: z.boolean(),
  /** Whether maps of which no neighbours are read are brought near, or each subgroup reads their pixels from afar. */
  pixelsNear: z.boolean(),
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
/** So many pixels beyond the last one of a map are read, and come to nothing. */
export const READ_BEYOND = SIDE - 1;
/** What each device with such units has for a workgroup: two matrices of sums a subgroup go through it at once where both fit. */
const WORKGROUP_BYTES = 49_152;

const blocksIn = (quads: number) => Math.ceil(quads / QUADS);

/** Blocks of 16 output channels of a shape. */
export const outputBlocks = ({ outputs }: ConvolutionShape): number => blocksIn(outputs);

const subgroupsOf = (shape: ConvolutionShape, blocking: MatrixBlocking): number =>
  (((blocking.columns / SIDE) * blocking.rows) / blocking.strips) * (outputBlocks(shape) / blocking.blocks);

export const matrixThreads = (shape: ConvolutionShape, blocking: MatrixBlocking): number =>
  subgroupsOf(shape, blocking) * blocking.subgroup;

/**
 * How a map is read as blocks of 16 channels. One of few channels is read as if each pixel had those of the `packed` pixels
 * from it on: so a block is full, and a step across the kernel is as many of its columns.
 */
function packingOf({ quads, kernel }: ReadShape) {
  const packed = QUADS % quads === 0 ? QUADS / quads : 1;
  return { packed, blocks: blocksIn(packed * quads), across: Math.ceil(kernel / packed) };
}

const isFar = ({ quads, kernel }: ReadShape, { pixelsNear }: MatrixBlocking): boolean =>
  !pixelsNear && kernel === 1 && quads % QUADS === 0;

/** Groups of four of workgroup memory that a map takes: pixels with their surroundings, and weights. */
function nearOf(read: ReadShape, shape: ConvolutionShape, blocking: MatrixBlocking) {
  const { packed, blocks, across } = packingOf(read);
  const depth = Math.min(blocks, blocking.depth);
  const columns = blocking.columns + (across - 1) * packed;
  const rows = blocking.rows + read.kernel - 1;
  const stride = depth * QUADS + FILL;
  const weights = blocking.weightsNear ? read.kernel * depth * outputBlocks(shape) * SIDE * WEIGHT_STRIDE : 0;
  return { columns, rows, depth, stride, pixels: isFar(read, blocking) ? 0 : columns * rows * stride, weights };
}

const WEIGHT_STRIDE = QUADS + FILL;
/** Of a row of sums. */
const SUM_STRIDE = QUADS + 1;

/** Groups of four of workgroup memory: pixels and weights of 16-bit numbers, sums of 32-bit ones. */
function memoryOf(shape: ConvolutionShape, blocking: MatrixBlocking) {
  const each = shape.reads.map((read) => nearOf(read, shape, blocking));
  const pixels = Math.max(...each.map((near) => near.pixels));
  const weights = Math.max(...each.map((near) => near.weights));
  const sums = subgroupsOf(shape, blocking) * SIDE * SUM_STRIDE;
  const two = (pixels + weights) * 8 + 2 * sums * 16 <= WORKGROUP_BYTES;
  return { pixels, weights, sums: two ? 2 * sums : sums, sumsAtOnce: two ? 2 : 1 };
}

/** Bytes of workgroup memory. */
export function matrixBytes(shape: ConvolutionShape, blocking: MatrixBlocking): number {
  const { pixels, weights, sums } = memoryOf(shape, blocking);
  return (pixels + weights) * 8 + sums * 16;
}

const matrix = (side: string, number: string) => `subgroup_matrix_${side}<${number}, ${SIDE}, ${SIDE}>`;
const sum = (strip: number, block: number) => `sum_${strip}_${block}`;

/**
 * WGSL of a convolution as `threadShader` has it, by units that multiply matrices (tensor cores; WebGPU's subgroup
 * matrices). A matrix's rows are 16 pixels beside each other, its columns 16 channels; what is read for one place of the kernel
 * is the same memory, moved by a pixel. A subgroup's strips lie one below the other: so each row of pixels is fetched once for
 * all places of a column of the kernel. The order of sums is the same at each pixel, wherever it lies.
 */
export function matrixShader(shape: ConvolutionShape, blocking: MatrixBlocking): string {
  const { reads, outputs, relu, plus } = shape;
  const { columns, rows, strips, blocks } = blocking;
  const memory = memoryOf(shape, blocking);
  const allBlocks = outputBlocks(shape);
  const outputGroups = allBlocks / blocks;
  const across = columns / SIDE;
  const units = times(strips, (strip) => times(blocks, (block) => ({ strip, block }))).flat();
  const rounds = times(Math.ceil(units.length / memory.sumsAtOnce), (n) =>
    units.slice(n * memory.sumsAtOnce, (n + 1) * memory.sumsAtOnce),
  );
  const written = rounds.map(
    (round, n) => `${n > 0 ? '  workgroupBarrier();\n' : ''}${round
      .map(
        ({ strip, block }, i) =>
          `  subgroupMatrixStore<row_major>(&sums, sumsAt + ${i * SIDE * SUM_STRIDE}u, ${sum(strip, block)}, ${SUM_STRIDE}u);`,
      )
      .join('\n')}
  workgroupBarrier();
  for (var i = lane; i < ${SIDE * QUADS}u; i += ${blocking.subgroup}u) {
    let x = u32(origin.x) + firstColumn + i / ${QUADS}u;
${round
  .map(
    ({ strip, block }, i) => `    {
      let y = u32(origin.y) + firstRow + ${strip}u;
      let output = (firstBlock + ${block}u) * ${QUADS}u + i % ${QUADS}u;
      if (x < task.width && y < task.height${outputs % QUADS > 0 ? ` && output < ${outputs}u` : ''}) {
        let place = (y * task.width + x) * ${outputs}u + output;
        var value = sums[sumsAt + ${i * SIDE * SUM_STRIDE}u + (i / ${QUADS}u) * ${SUM_STRIDE}u + i % ${QUADS}u] + vec4f(weights[task.bias + output]);
        ${relu ? 'value = max(value, vec4f());' : ''}
${times(plus, (p) => `        value = value * bitcast<f32>(task.plus[${p}].y) + vec4f(arena[task.plus[${p}].x + place]);`).join('\n')}
        arena[task.made + place] = vec4<f16>(value);
      }
    }`,
  )
  .join('\n')}
  }`,
  );
  return `enable f16;
enable subgroups;
enable chromium_experimental_subgroup_matrix;
${kernelTask(shape, 'f16')}
${memory.pixels > 0 ? `var<workgroup> near: array<vec4<f16>, ${memory.pixels}>;` : ''}
${memory.weights > 0 ? `var<workgroup> factors: array<vec4<f16>, ${memory.weights}>;` : ''}
var<workgroup> sums: array<vec4f, ${memory.sums}>;

@compute @workgroup_size(${matrixThreads(shape, blocking)})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let origin = vec2i(i32(group.x) * ${columns}, i32(group.y) * ${rows});
  let firstBlock = (subgroup % ${outputGroups}u) * ${blocks}u;
  let firstColumn = ((subgroup / ${outputGroups}u) % ${across}u) * ${SIDE}u;
  let firstRow = (subgroup / ${outputGroups * across}u) * ${strips}u;
  let sumsAt = subgroup * ${memory.sumsAtOnce * SIDE * SUM_STRIDE}u;
${units.map(({ strip, block }) => `  var ${sum(strip, block)}: ${matrix('result', 'f32')};`).join('\n')}
${runsOf(reads)
  .map((run) => runOf(run, shape, blocking))
  .join('\n')}
${written.join('\n')}
}
`;
}

/** Adds up what maps that are read alike make. */
function runOf(run: Run, shape: ConvolutionShape, blocking: MatrixBlocking): string {
  const { packed, blocks } = packingOf(run);
  const { depth } = nearOf(run, shape, blocking);
  const stage = isFar(run, blocking) ? farStage : nearStage;
  const [whole, rest] = [Math.floor(blocks / depth), blocks % depth];
  return `  for (var map = ${run.first}u; map < ${run.first + run.count}u; map++) {
    let mapAt = task.maps[map].x;
    let start = task.maps[map].y;
    for (var block = 0u; block < ${whole * depth}u; block += ${depth}u) {${stage({ ...run, packed }, depth, shape, blocking)}
    }
${rest > 0 ? `    {\n      let block = ${whole * depth}u;${stage({ ...run, packed }, rest, shape, blocking)}\n    }` : ''}
  }`;
}

type Packed = ReadShape & { packed: number };

/** Brings `steps` blocks of a map's channels near, from `block` on, and adds up what they make. */
function nearStage(read: Packed, steps: number, shape: ConvolutionShape, blocking: MatrixBlocking): string {
  const { quads, kernel, packed } = read;
  const { strips, blocks, weightsNear } = blocking;
  const { blocks: whole, across } = packingOf(read);
  const near = nearOf(read, shape, blocking);
  const allBlocks = outputBlocks(shape);
  const threads = matrixThreads(shape, blocking);
  const filled = steps * QUADS;
  const factor = (ky: number, b: number) =>
    weightsNear
      ? `factors, ((${ky}u * ${steps}u + step) * ${allBlocks}u + firstBlock + ${b}u) * ${SIDE * WEIGHT_STRIDE}u, ${WEIGHT_STRIDE}u`
      : `weights, (start + ((column * ${kernel}u + ${ky}u) * ${whole}u + block + step) * ${allBlocks}u + firstBlock + ${b}u) * ${BLOCK / 4}u, ${QUADS}u`;
  const own = packed * quads;
  const missing = filled > own || whole * QUADS > own;
  const load = `
      workgroupBarrier();
      for (var i = thread; i < ${near.columns * near.rows * filled}u; i += ${threads}u) {
        let pixel = i / ${filled}u;
        let some = block * ${QUADS}u + i % ${filled}u;
        let at = origin + vec2i(i32(pixel % ${near.columns}u${packed > 1 ? ` + some / ${quads}u` : ''}), i32(pixel / ${near.columns}u)) - ${(kernel - 1) / 2};
        var value = vec4<f16>();
        if (at.x >= 0 && at.y >= 0 && at.x < i32(task.width) && at.y < i32(task.height)${missing ? ` && some < ${own}u` : ''}) {
          value = arena[mapAt + (u32(at.y) * task.width + u32(at.x)) * ${quads}u + some${packed > 1 ? ` % ${quads}u` : ''}];
        }
        near[pixel * ${near.stride}u + i % ${filled}u] = value;
      }`;
  const loadWeights = `
        ${across > 1 ? 'if (column > 0u) { workgroupBarrier(); }' : ''}
        for (var i = thread; i < ${kernel * steps * allBlocks * (BLOCK / 4)}u; i += ${threads}u) {
          let each = i / ${BLOCK / 4}u;
          let some = i % ${BLOCK / 4}u;
          let ky = each / ${steps * allBlocks}u;
          let first = start + ((column * ${kernel}u + ky) * ${whole}u + block) * ${allBlocks}u + each % ${steps * allBlocks}u;
          factors[(each * ${SIDE}u + some / ${QUADS}u) * ${WEIGHT_STRIDE}u + some % ${QUADS}u] = weights[first * ${BLOCK / 4}u + some];
        }
        workgroupBarrier();`;
  const multiplied = times(strips + kernel - 1, (row) => {
    const factors = row < kernel ? times(blocks, (b) => right(`factors_${row}_${b}`, factor(row, b))) : [];
    const places = times(kernel, (ky) => ({ ky, strip: row - ky })).filter(({ strip }) => strip >= 0 && strip < strips);
    return [
      ...factors,
      left(`pixels_${row}`, `near, at + ${row * near.columns * near.stride}u, ${near.stride}u`),
      ...places.flatMap(({ ky, strip }) =>
        times(blocks, (b) => multiply(`pixels_${row}`, `factors_${ky}_${b}`, sum(strip, b))),
      ),
    ];
  });
  return `${load}
${weightsNear ? '' : '      workgroupBarrier();'}
      for (var column = 0u; column < ${across}u; column++) {${weightsNear ? loadWeights : ''}
        for (var step = 0u; step < ${steps}u; step++) {
          let at = (firstRow * ${near.columns}u + firstColumn + column * ${packed}u) * ${near.stride}u + step * ${QUADS}u;
${multiplied
  .flat()
  .map((line) => `          ${line}`)
  .join('\n')}
        }
      }`;
}

/** Adds up what `steps` blocks of a map's channels make, from `block` on, as they lie in the arena: of each pixel nothing but itself. */
function farStage({ quads }: Packed, steps: number, shape: ConvolutionShape, blocking: MatrixBlocking): string {
  const { strips, blocks } = blocking;
  const allBlocks = outputBlocks(shape);
  const multiplied = times(strips, (strip) => [
    left(`pixels_${strip}`, `arena, at_${strip} + (block + step) * ${QUADS}u, ${quads}u`),
    ...times(blocks, (b) => multiply(`pixels_${strip}`, `factors_${b}`, sum(strip, b))),
  ]);
  const factor = (b: number) =>
    `weights, (start + (block + step) * ${allBlocks}u + firstBlock + ${b}u) * ${BLOCK / 4}u, ${QUADS}u`;
  // Pixels beyond the edge are made of some that are there, and not kept.
  const y = (strip: number) => `min(u32(origin.y) + firstRow + ${strip}u, task.height - 1u)`;
  return `
${times(strips, (strip) => `      let at_${strip} = mapAt + (${y(strip)} * task.width + min(u32(origin.x) + firstColumn, task.width - 1u)) * ${quads}u;`).join('\n')}
      for (var step = 0u; step < ${steps}u; step++) {
${[...times(blocks, (b) => right(`factors_${b}`, factor(b))), ...multiplied.flat()].map((line) => `        ${line}`).join('\n')}
      }`;
}

const left = (name: string, from: string) =>
  `let ${name} = subgroupMatrixLoad<${matrix('left', 'f16')}, row_major>(&${from});`;
const right = (name: string, from: string) =>
  `let ${name} = subgroupMatrixLoad<${matrix('right', 'f16')}, col_major>(&${from});`;
const multiply = (pixels: string, factors: string, to: string) =>
  `${to} = subgroupMatrixMultiplyAccumulate(${pixels}, ${factors}, ${to});`;

/**
 * The weights of a map as `matrixShader` reads them: by step across the kernel and row, blocks of 16 inputs by 16 outputs, an
 * output's inputs after each other.
 */
export function weightBlocks({ kernel, inputs, outputs, weightOf }: MapWeights): Float32Array {
  const quads = Math.ceil(inputs / 4);
  const { packed, blocks, across } = packingOf({ quads, kernel });
  const wide = Math.ceil(outputs / SIDE);
  const numbers = new Float32Array(across * kernel * blocks * wide * BLOCK);
  for (let ky = 0; ky < kernel; ky++)
    for (let kx = 0; kx < kernel; kx++)
      for (let input = 0; input < inputs; input++) {
        const channel = (kx % packed) * quads * 4 + input;
        const row = (Math.floor(kx / packed) * kernel + ky) * blocks + Math.floor(channel / SIDE);
        for (let output = 0; output < outputs; output++) {
          const block = row * wide + Math.floor(output / SIDE);
          numbers[block * BLOCK + (output % SIDE) * SIDE + (channel % SIDE)] = weightOf(
            ky * kernel + kx,
            input,
            output,
          );
        }
      }
  return numbers;
}
