import type { Model } from '../network/model.ts';
import { assertPicture, bytesOf, chromaSize, enlarged, type PictureFormat } from '../picture-format.ts';
import type { Tile } from '../tiles.ts';
import type { DeviceNamed, Upscaler } from '../upscaler.ts';
import { type WordLayout, wordLayout } from './back-projection-shader.ts';
import type { Precision } from './convolution-shape.ts';
import type { Gpu } from './dawn.ts';
import { fittedLanes, refuseTooLarge } from './fitted-lanes.ts';
import { GpuClock } from './gpu-clock.ts';
import type { Blocking } from './kernel.ts';
import { type Lane, type ShaderParts, type Step, shadersOf } from './lanes.ts';
import { mostBytes } from './plan.ts';
import { whyNothing } from './why-nothing.ts';

interface GpuUpscalerOptions {
  gpu: Gpu;
  model: Model;
  from: PictureFormat;
  /** What numbers between layers are kept as; by default f16 where the device can compute with it. */
  precision?: Precision | undefined;
  /** How the work of each shape of convolution is shared out, by `shapeName`; what isn't there is as it is good on most devices. */
  blockings?: ReadonlyMap<string, Blocking> | undefined;
  /** The most memory for feature maps in bytes; by default as much as the device gives. */
  mapBytes?: number | undefined;
}

/** Precisions that a device can compute with, the faster first. */
export const precisionsOf = ({ features }: Gpu): Precision[] => (features.has('shader-f16') ? ['f16', 'f32'] : ['f32']);

/**
 * Makes pictures larger on a GPU, by WebGPU's compute shaders: what it has too little memory for at once, it computes in tiles.
 *
 * @throws {Refusal} when it never gives as much memory in one piece as a picture needs; an error for a person when too little is free.
 */
export async function openGpuUpscaler(options: GpuUpscalerOptions): Promise<GpuUpscaler> {
  const { gpu, model, from, blockings } = options;
  const precision = options.precision ?? (precisionsOf(gpu)[0] as Precision);
  refuseTooLarge(gpu, { model, from, precision });
  const device = await gpu.open(precision);
  try {
    const parts = { device, gpu, model, from, precision };
    const shaders = await valid(device, () => shadersOf({ ...parts, blockings }));
    const most = Math.min(options.mapBytes ?? Infinity, mostBytes(gpu));
    return new GpuUpscaler({ ...parts, ...(await fittedLanes({ ...parts, shaders }, most)) });
  } catch (error) {
    const why = error instanceof DOMException ? await whyNothing(device, gpu.name, error) : error;
    device.destroy();
    throw why;
  }
}

/** What WebGPU finds wrong it tells later, to whoever asks. */
async function valid<T>(device: GPUDevice, prepare: () => Promise<T>): Promise<T> {
  device.pushErrorScope('validation');
  const prepared = await prepare();
  const error = await device.popErrorScope();
  if (error) throw new Error(error.message);
  return prepared;
}

interface Parts extends Omit<ShaderParts, 'blockings'> {
  lanes: Lane[];
  tiles: readonly Tile[];
}

class GpuUpscaler implements Upscaler {
  readonly device: DeviceNamed;
  readonly from: PictureFormat;
  readonly to: PictureFormat;
  readonly atOnce: number;
  /** How many parts a picture is computed in. */
  readonly tiles: number;
  readonly #device: GPUDevice;
  readonly #layout: WordLayout;
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];

  constructor({ device, gpu, model, from, precision, lanes, tiles }: Parts) {
    this.device = { kind: gpu.kind, name: gpu.name, precision };
    this.from = from;
    this.to = enlarged(from, model.network.scale);
    this.atOnce = lanes.length;
    this.tiles = tiles.length;
    this.#device = device;
    this.#layout = wordLayout(from, model.network.scale);
    this.#free = lanes;
  }

  async upscale(picture: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    assertPicture(picture, this.from);
    const lane = await this.#lane();
    try {
      signal?.throwIfAborted();
      const { made, fetched, steps } = lane;
      const device = this.#device;
      device.queue.writeBuffer(lane.picture, 0, wholeWords(picture));
      const commands = device.createCommandEncoder();
      const pass = commands.beginComputePass();
      for (const step of steps) dispatch(pass, step);
      pass.end();
      commands.copyBufferToBuffer(made, 0, fetched, 0, made.size);
      device.queue.submit([commands.finish()]);
      await fetched.mapAsync(GPUMapMode.READ).catch(async (error) => {
        throw await whyNothing(device, this.device.name, error);
      });
      try {
        return withoutGaps(new Uint8Array(fetched.getMappedRange()), this.to, this.#layout);
      } finally {
        // Mapped still, it could not be copied to for the next picture.
        fetched.unmap();
      }
    } finally {
      this.#release(lane);
    }
  }

  /** How long each step of a picture takes on the GPU, in milliseconds; null where it has no clock. For who makes it faster. */
  async timed(picture: Uint8Array): Promise<{ name: string; milliseconds: number }[] | null> {
    const lane = await this.#lane();
    try {
      using clock = GpuClock.of(this.#device, lane.steps.length);
      if (!clock) return null;
      this.#device.queue.writeBuffer(lane.picture, 0, wholeWords(picture));
      const commands = this.#device.createCommandEncoder();
      for (const [n, step] of lane.steps.entries()) {
        const pass = commands.beginComputePass(clock.pass(n));
        dispatch(pass, step);
        pass.end();
      }
      const took = await clock.run(commands);
      return lane.steps.map(({ name }, n) => ({ name, milliseconds: took[n] as number }));
    } finally {
      this.#release(lane);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#device.destroy();
  }

  #release(lane: Lane): void {
    this.#free.push(lane);
    const next = this.#waiting.shift();
    if (next) next(this.#free.pop() as Lane);
  }

  #lane(): Promise<Lane> {
    const free = this.#free.pop();
    return free ? Promise.resolve(free) : new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export type { GpuUpscaler };

function dispatch(pass: GPUComputePassEncoder, { pipeline, bindings, groups }: Step): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  pass.dispatchWorkgroups(...groups);
}

/** A picture's bytes in whole words of 32 bits. */
function wholeWords(picture: Uint8Array): Uint8Array<ArrayBuffer> {
  if (picture.length % 4 === 0 && picture.buffer instanceof ArrayBuffer) return picture as Uint8Array<ArrayBuffer>;
  const words = new Uint8Array(Math.ceil(picture.length / 4) * 4);
  words.set(picture);
  return words;
}

/** A copy of a picture as it is in memory of the GPU, without what fills up its rows. */
function withoutGaps(words: Uint8Array, to: PictureFormat, layout: WordLayout): Uint8Array {
  const bytes = bytesOf(to);
  // Memory that isn't cleared first: a new array of zeros takes longer than the copy.
  const { buffer } = Buffer.allocUnsafeSlow(bytes);
  const picture = new Uint8Array(buffer);
  if (layout.end * 4 === bytes) {
    picture.set(words);
    return picture;
  }
  const sample = to.bits === 8 ? 1 : 2;
  const chroma = chromaSize(to);
  let at = 0;
  const planes = [
    { from: 0, stride: layout.luma, size: to },
    { from: layout.u, stride: layout.chroma, size: chroma },
    { from: layout.v, stride: layout.chroma, size: chroma },
  ];
  for (const { from, stride, size } of planes)
    for (let row = 0; row < size.height; row++) {
      const start = (from + row * stride) * 4;
      picture.set(words.subarray(start, start + size.width * sample), at);
      at += size.width * sample;
    }
  return picture;
}
