import { z } from 'zod';
import { quads } from './arena.ts';
import {
  type ConvolutionShape,
  type MapWeights,
  type Precision,
  quadBytes,
  type ReadShape,
  runsOf,
} from './convolution-shape.ts';
import { largestDivisor } from './divisor.ts';
import { kernelTask } from './kernel-task.ts';
import { times } from './wgsl.ts';

const count = z.number().int().positive();

/** How the work is shared out among threads. */
export const ThreadBlockingSchema = z.object({
  by: z.literal('threads'),
  /** Pixels of a workgroup. */
  columns: count,
  rows: count,
  /** Groups of four output channels of a workgroup: a divisor of the shape's. */
  outputs: count,
  /** Pixels and groups of output channels of a thread: divisors of the workgroup's. */
  pixelsOfThread: count,
  outputsOfThread: count,
  /** Groups of input channels that are brought near at once: for each map the largest divisor of its own up to this. */
  depth: count,
});
export type ThreadBlocking = z.infer<typeof ThreadBlockingSchema>;

export const blockingThreads = (blocking: ThreadBlocking): number =>
  ((blocking.columns * blocking.rows) / blocking.pixelsOfThread) * (blocking.outputs / blocking.outputsOfThread);

/** Groups of four of workgroup memory that maps read alike take: pixels, and weights of a row of the kernel. */
function memoryOf({ quads, kernel }: ReadShape, blocking: ThreadBlocking) {
  const depth = largestDivisor(quads, blocking.depth);
  const near = { columns: blocking.columns + kernel - 1, rows: blocking.rows + kernel - 1 };
  const factors = kernel * depth * 4 * blocking.outputs;
  return { depth, near, pixels: near.columns * near.rows * depth, factors };
}

function mostMemory({ reads }: ConvolutionShape, blocking: ThreadBlocking) {
  const each = reads.map((read) => memoryOf(read, blocking));
  return {
    pixels: Math.max(...each.map(({ pixels }) => pixels)),
    factors: Math.max(...each.map(({ factors }) => factors)),
  };
}

/** Bytes of workgroup memory. */
export function threadBytes(shape: ConvolutionShape, blocking: ThreadBlocking, precision: Precision): number {
  const { pixels, factors } = mostMemory(shape, blocking);
  return (pixels + factors) * quadBytes(precision);
}

/**
 * WGSL of a convolution with bias, ReLU and sums, as a product of matrices of which the pixels' is never written down
 * (implicit GEMM, Chetlur et al. 2014). A workgroup brings a block of pixels with its surroundings and the weights for it into
 * its own memory, some channels at a time; a thread adds up some pixels by some outputs in registers. The order of sums is the
 * same at each pixel, wherever it lies: so tiles have no seam.
 */
export function threadShader(shape: ConvolutionShape, blocking: ThreadBlocking, precision: Precision): string {
  const { reads, outputs, relu, plus } = shape;
  const { columns, rows, pixelsOfThread, outputsOfThread } = blocking;
  const threads = blockingThreads(blocking);
  const memory = mostMemory(shape, blocking);
  const outputGroups = blocking.outputs / outputsOfThread;
  const pixelGroups = (columns * rows) / pixelsOfThread;
  const sum = (pixel: number, output: number) => `sum_${pixel}_${output}`;
  const runs = runsOf(reads).map((run) => {
    const { first, count, quads, kernel } = run;
    const { depth, near } = memoryOf(run, blocking);
    return `  for (var map = ${first}u; map < ${first + count}u; map++) {
    for (var quad = 0u; quad < ${quads}u; quad += ${depth}u) {
      workgroupBarrier();
      for (var i = thread; i < ${near.columns * near.rows * depth}u; i += ${threads}u) {
        let place = i / ${depth}u;
        let at = origin + vec2i(i32(place % ${near.columns}u), i32(place / ${near.columns}u)) - ${(kernel - 1) / 2};
        var value = vec4<Number>();
        if (at.x >= 0 && at.y >= 0 && at.x < i32(task.width) && at.y < i32(task.height)) {
          value = arena[task.maps[map].x + (u32(at.y) * task.width + u32(at.x)) * ${quads}u + quad + i % ${depth}u];
        }
        pixels[i] = value;
      }
      for (var ky = 0u; ky < ${kernel}u; ky++) {
        ${kernel > 1 ? 'if (ky > 0u) { workgroupBarrier(); }' : ''}
        for (var i = thread; i < ${kernel * depth * 4 * blocking.outputs}u; i += ${threads}u) {
          let row = i / ${blocking.outputs}u;
          let input = quad * 4u + row % ${depth * 4}u;
          let tap = ky * ${kernel}u + row / ${depth * 4}u;
          factors[i] = weights[task.maps[map].y + (tap * ${quads * 4}u + input) * ${outputs}u + firstOutput + i % ${blocking.outputs}u];
        }
        workgroupBarrier();
        for (var kx = 0u; kx < ${kernel}u; kx++) {
          for (var d = 0u; d < ${depth}u; d++) {
${times(pixelsOfThread, (i) => `            let near_${i} = vec4f(pixels[((at_${i}.y + ky) * ${near.columns}u + at_${i}.x + kx) * ${depth}u + d]);`).join('\n')}
            let row = (kx * ${depth}u + d) * ${4 * blocking.outputs}u + outputGroup * ${outputsOfThread}u;
${times(4, (j) =>
  times(
    outputsOfThread,
    (o) => `            { let factor = vec4f(factors[row + ${j * blocking.outputs + o}u]);
${times(pixelsOfThread, (i) => `              ${sum(i, o)} += near_${i}[${j}] * factor;`).join('\n')}
            }`,
  ).join('\n'),
).join('\n')}
          }
        }
      }
    }
  }`;
  });
  return `${precision === 'f16' ? 'enable f16;' : ''}
alias Number = ${precision};
${kernelTask(shape, 'Number')}
var<workgroup> pixels: array<vec4<Number>, ${memory.pixels}>;
var<workgroup> factors: array<vec4<Number>, ${memory.factors}>;

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let origin = vec2i(i32(group.x) * ${columns}, i32(group.y) * ${rows});
  let firstOutput = group.z * ${blocking.outputs}u;
  let outputGroup = thread % ${outputGroups}u;
  let pixelGroup = thread / ${outputGroups}u;
${times(pixelsOfThread, (i) => `  let at_${i} = vec2u((pixelGroup + ${i * pixelGroups}u) % ${columns}u, (pixelGroup + ${i * pixelGroups}u) / ${columns}u);`).join('\n')}
${times(pixelsOfThread, (i) => times(outputsOfThread, (o) => `  var ${sum(i, o)} = vec4f();`).join('\n')).join('\n')}
${runs.join('\n')}
${times(
  pixelsOfThread,
  (i) => `  {
    let x = u32(origin.x) + at_${i}.x;
    let y = u32(origin.y) + at_${i}.y;
    if (x < task.width && y < task.height) {
      let pixel = (y * task.width + x) * ${outputs}u;
${times(
  outputsOfThread,
  (o) => `      {
        let output = firstOutput + outputGroup * ${outputsOfThread}u + ${o}u;
        var value = ${sum(i, o)} + vec4f(weights[task.bias + output]);
        ${relu ? 'value = max(value, vec4f());' : ''}
${times(plus, (p) => `        value = value * bitcast<f32>(task.plus[${p}].y) + vec4f(arena[task.plus[${p}].x + pixel + output]);`).join('\n')}
        arena[task.made + pixel + output] = vec4<Number>(value);
      }`,
).join('\n')}
    }
  }`,
).join('\n')}
}
`;
}

/**
 * The weights of a map as `threadShader` reads them, in groups of four outputs. A map of a number of channels that isn't a
 * multiple of four has some more, which are zero, and so are the weights for them.
 */
export function weightQuads({ kernel, inputs, outputs, weightOf }: MapWeights): Float32Array {
  const [high, wide] = [quads(inputs) * 4, quads(outputs) * 4];
  const numbers = new Float32Array(kernel ** 2 * high * wide);
  for (let tap = 0; tap < kernel ** 2; tap++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++)
        numbers[(tap * high + input) * wide + output] = weightOf(tap, input, output);
  return numbers;
}
