import { mapPixels } from './arena.ts';
import { type ConvolutionShape, type Precision, quadBytes, shapeMultiplyAdds } from './convolution-shape.ts';
import { GpuClock } from './gpu-clock.ts';
import { type Blocking, kernelGroups, kernelShader, kernelWeights, weightUnit } from './kernel.ts';
import { taskWords } from './kernel-task.ts';
import { READ_BEYOND } from './matrix-shader.ts';
import { bound, compiled, filled, numbersOf } from './memory.ts';

interface Size {
  width: number;
  height: number;
}

/** One convolution by itself on random numbers, to be measured and compared. */
export class LoneConvolution {
  readonly #device: GPUDevice;
  readonly #shape: ConvolutionShape;
  readonly #precision: Precision;
  readonly #size: Size;
  readonly #arena: GPUBuffer;
  readonly #clock: GpuClock | null;
  /** Where it writes, in bytes. */
  readonly #made: { at: number; bytes: number };
  readonly #kernels = new Map<Blocking['by'], { weights: GPUBuffer; task: GPUBuffer }>();

  constructor(device: GPUDevice, shape: ConvolutionShape, precision: Precision, size: Size) {
    this.#device = device;
    this.#shape = shape;
    this.#precision = precision;
    this.#size = size;
    this.#clock = GpuClock.of(device, 1);
    const pixelBytes = mapPixels(size.width * size.height) * quadBytes(precision);
    const at = pixelBytes * (readQuads(shape) + shape.outputs * shape.plus);
    this.#made = { at, bytes: pixelBytes * shape.outputs };
    this.#arena = device.createBuffer({
      size: LoneConvolution.bytes(shape, precision, size),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
    this.#fill();
  }

  /** Bytes of its feature maps. */
  static bytes(shape: ConvolutionShape, precision: Precision, { width, height }: Size): number {
    const quads = readQuads(shape) + shape.outputs * (1 + shape.plus);
    return (mapPixels(width * height) + READ_BEYOND) * quadBytes(precision) * quads;
  }

  async prepared(blocking: Blocking, code = kernelShader(this.#shape, blocking, this.#precision)): Promise<Prepared> {
    const pipeline = await compiled(this.#device, code, blocking.by);
    const { weights, task } = this.#kernel(blocking.by);
    const bindings = bound(this.#device, pipeline, [this.#arena, weights, task]);
    return { pipeline, bindings, groups: kernelGroups(this.#shape, blocking, this.#size) };
  }

  /** How long it takes, in milliseconds: several times at once, so that what it takes to begin counts for little. */
  async milliseconds(prepared: Prepared, times: number): Promise<number> {
    const from = performance.now();
    const commands = this.#device.createCommandEncoder();
    this.#run(commands, prepared, times, this.#clock?.pass(0));
    if (this.#clock) {
      const [took = 0] = await this.#clock.run(commands);
      // Some drivers' clocks stand still.
      if (took > 0) return took / times;
    } else {
      this.#device.queue.submit([commands.finish()]);
      await this.#device.queue.onSubmittedWorkDone();
    }
    return (performance.now() - from) / times;
  }

  /** What it makes of the first rows and the last ones, so many bytes of each at most. */
  async made(prepared: Prepared, most: number): Promise<Float32Array> {
    const { at, bytes } = this.#made;
    const part = Math.min(bytes, most);
    const fetched = this.#device.createBuffer({
      size: 2 * part,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    const commands = this.#device.createCommandEncoder();
    // What isn't written must not be what another wrote.
    commands.clearBuffer(this.#arena, at, bytes);
    this.#run(commands, prepared, 1);
    commands.copyBufferToBuffer(this.#arena, at, fetched, 0, part);
    commands.copyBufferToBuffer(this.#arena, at + bytes - part, fetched, part, part);
    this.#device.queue.submit([commands.finish()]);
    await fetched.mapAsync(GPUMapMode.READ);
    const numbers = this.#precision === 'f16' ? Float16Array : Float32Array;
    const made = new Float32Array(new numbers(fetched.getMappedRange()));
    fetched.destroy();
    return made;
  }

  [Symbol.dispose](): void {
    this.#arena.destroy();
    this.#clock?.[Symbol.dispose]();
    for (const { weights, task } of this.#kernels.values()) for (const each of [weights, task]) each.destroy();
  }

  #run(
    commands: GPUCommandEncoder,
    { pipeline, bindings, groups }: Prepared,
    times: number,
    descriptor?: GPUComputePassDescriptor,
  ): void {
    const pass = commands.beginComputePass(descriptor);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < times; i++) pass.dispatchWorkgroups(...groups);
    pass.end();
  }

  /** Numbers from −1 to 1; a GPU is faster with zeros than with pictures. */
  #fill(): void {
    const next = randomly();
    const count = Math.min(this.#arena.size / (quadBytes(this.#precision) / 4), MOST_RANDOM);
    const some = numbersOf(Float32Array.from({ length: count }, next), this.#precision);
    for (let at = 0; at < this.#arena.size; at += some.byteLength) {
      const bytes = Math.min(some.byteLength, this.#arena.size - at);
      this.#device.queue.writeBuffer(this.#arena, at, some.buffer, some.byteOffset, bytes);
    }
  }

  /** The same weights for each kind of kernel, as it reads them. */
  #kernel(by: Blocking['by']): { weights: GPUBuffer; task: GPUBuffer } {
    const known = this.#kernels.get(by);
    if (known) return known;
    const { reads, outputs, plus } = this.#shape;
    const next = randomly();
    const large = 1 / Math.sqrt(shapeMultiplyAdds(this.#shape) / (outputs * 4));
    const unit = weightUnit(by);
    const parts = reads.map(({ quads, kernel }) => {
      const size = { kernel, inputs: quads * 4, outputs: outputs * 4 };
      const all = Float32Array.from({ length: kernel ** 2 * size.inputs * size.outputs }, () => next() * large);
      const weightOf = (tap: number, input: number, output: number) =>
        all[(tap * size.inputs + input) * size.outputs + output] as number;
      return kernelWeights(by, { ...size, weightOf });
    });
    const bias = Float32Array.from({ length: outputs * 4 }, () => next() * 0.1);
    const pixels = mapPixels(this.#size.width * this.#size.height);
    const starts = [0];
    for (const part of parts) starts.push((starts.at(-1) as number) + part.length);
    const maps = reads.map((_, i) => ({
      at: pixels * sum(reads.slice(0, i).map(({ quads }) => quads)),
      weights: (starts[i] as number) / unit,
    }));
    const task = taskWords({
      ...this.#size,
      made: this.#made.at / quadBytes(this.#precision),
      bias: (starts.at(-1) as number) / 4,
      maps,
      plus: Array.from({ length: plus }, (_, i) => ({
        at: pixels * (readQuads(this.#shape) + outputs * i),
        times: 0.5,
      })),
    });
    const numbers = new Float32Array((starts.at(-1) as number) + bias.length);
    for (const [i, part] of [...parts, bias].entries()) numbers.set(part, starts[i]);
    const prepared = {
      weights: filled(this.#device, numbersOf(numbers, this.#precision), GPUBufferUsage.STORAGE),
      task: filled(this.#device, task, GPUBufferUsage.UNIFORM),
    };
    this.#kernels.set(by, prepared);
    return prepared;
  }
}

interface Prepared {
  pipeline: GPUComputePipeline;
  bindings: GPUBindGroup;
  groups: [x: number, y: number, z: number];
}

/** More would only take time. */
const MOST_RANDOM = 1_000_004;

const readQuads = ({ reads }: ConvolutionShape): number => sum(reads.map(({ quads }) => quads));
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** The same numbers from −1 to 1 each time (xorshift, Marsaglia 2003). */
function randomly(): () => number {
  let state = 2463534242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}
