import type { Model } from '../network/model.ts';
import { type Convolution, type Network, surroundings } from '../network/network.ts';
import { assertPicture, bytesOf, chromaSize, enlarged, type PictureFormat, samplesOf } from '../picture-format.ts';
import { type Tile, tilesOf } from '../tiles.ts';
import type { DeviceNamed, Upscaler } from '../upscaler.ts';
import { type Arena, arenaOf } from './arena.ts';
import {
  missingGroups,
  missingShader,
  PLANE_KINDS,
  samplesGroups,
  samplesShader,
  type WordLayout,
  wordLayout,
} from './back-projection-shader.ts';
import { type Precision, shapeName, shapeOf, shapesOf } from './convolution-shape.ts';
import type { Gpu } from './dawn.ts';
import { GpuClock } from './gpu-clock.ts';
import { type Blocking, kernelGroups, kernelShader } from './kernel.ts';
import { taskWords } from './kernel-task.ts';
import { READ_BEYOND } from './matrix-shader.ts';
import { bound, compiled, filled, numbersOf } from './memory.ts';
import { packWeights, type WeightPlaces } from './packed-weights.ts';
import { pictureInGroups, pictureInShader } from './picture-in-shader.ts';
import { pictureOutGroups, pictureOutShader } from './picture-out-shader.ts';
import { bytesOfPixel, limitsOf, mostBytes, threadBlockingsOf } from './plan.ts';

/** Pictures under way: one that is brought, one that is computed, one that is fetched. */
const AT_ONCE = 3;

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

/** Makes pictures larger on a GPU, by WebGPU's compute shaders. Larger ones than its memory can take are computed in tiles. */
export async function openGpuUpscaler(options: GpuUpscalerOptions): Promise<GpuUpscaler> {
  const { gpu, model, from } = options;
  const precision = options.precision ?? (precisionsOf(gpu)[0] as Precision);
  const device = await gpu.open(precision);
  try {
    const most = Math.min(options.mapBytes ?? Infinity, mostBytes(gpu));
    for (let bytes = most; ; bytes /= 2) {
      const tiles = tilesOf({
        ...from,
        ...surroundings(model.network),
        most: Math.floor(bytes / bytesOfPixel(model.network, precision)) - READ_BEYOND,
      });
      const arena = await mapMemory(device, model.network, precision, tiles);
      if (!arena) continue;
      const parts = { device, arena, tiles, precision, model, from, gpu, blockings: options.blockings };
      return new GpuUpscaler(parts, await valid(device, () => lanesOf(parts, enlarged(from, model.network.scale))));
    }
  } catch (error) {
    device.destroy();
    throw error;
  }
}

/** The buffer that all feature maps of a tile lie in; null where the device hasn't that much memory. */
async function mapMemory(device: GPUDevice, network: Network, precision: Precision, tiles: readonly Tile[]) {
  const { width = 0, height = 0 } = tiles[0]?.read ?? {};
  device.pushErrorScope('out-of-memory');
  const size = (width * height + READ_BEYOND) * bytesOfPixel(network, precision);
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
  if (!(await device.popErrorScope())) return buffer;
  buffer.destroy();
  return null;
}

/** What WebGPU finds wrong it tells later, to whoever asks. */
async function valid<T>(device: GPUDevice, prepare: () => Promise<T>): Promise<T> {
  device.pushErrorScope('validation');
  const prepared = await prepare();
  const error = await device.popErrorScope();
  if (error) throw new Error(error.message);
  return prepared;
}

interface Step {
  /** What it does, for who measures it. */
  name: string;
  pipeline: GPUComputePipeline;
  bindings: GPUBindGroup;
  groups: readonly [x: number, y: number, z?: number];
}

/** Buffers of a picture under way. */
interface Lane {
  picture: GPUBuffer;
  made: GPUBuffer;
  fetched: GPUBuffer;
  steps: Step[];
}

interface Parts {
  device: GPUDevice;
  arena: GPUBuffer;
  tiles: readonly Tile[];
  precision: Precision;
  model: Model;
  from: PictureFormat;
  gpu: Gpu;
  blockings: ReadonlyMap<string, Blocking> | undefined;
}

class GpuUpscaler implements Upscaler {
  readonly device: DeviceNamed;
  readonly from: PictureFormat;
  readonly to: PictureFormat;
  readonly atOnce = AT_ONCE;
  /** How many parts a picture is computed in. */
  readonly tiles: number;
  readonly #device: GPUDevice;
  readonly #layout: WordLayout;
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];
  #lost: Error | null = null;

  constructor(parts: Parts, lanes: Lane[]) {
    const { device, gpu, model, from, tiles, precision } = parts;
    this.device = { kind: gpu.kind, name: gpu.name, precision };
    this.from = from;
    this.to = enlarged(from, model.network.scale);
    this.tiles = tiles.length;
    this.#device = device;
    this.#layout = wordLayout(from, model.network.scale);
    void device.lost.then(({ reason, message }) => {
      if (reason !== 'destroyed') this.#lost = new Error(`The GPU ${gpu.name} was lost: ${message}`);
    });
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
      await fetched.mapAsync(GPUMapMode.READ);
      const large = withoutGaps(new Uint8Array(fetched.getMappedRange()), this.to, this.#layout);
      fetched.unmap();
      return large;
    } catch (error) {
      throw this.#lost ?? error;
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

interface Kernel {
  pipeline: GPUComputePipeline;
  blocking: Blocking;
}

/** Shaders of a network on a device, compiled side by side. */
async function shadersOf({ device, gpu, precision, model: { network }, from, blockings }: Parts, to: PictureFormat) {
  const { scale } = network;
  const trueTo = Promise.all(
    PLANE_KINDS.map(async (kind) => ({
      kind,
      missing: await compiled(device, missingShader(from, scale, kind), `missing ${kind}`),
      samples: await compiled(device, samplesShader(from, scale, kind), `samples of ${kind}`),
    })),
  );
  const [pictureIn, pictureOut, ...convolutions] = await Promise.all([
    compiled(device, pictureInShader(from, network.range, precision), 'picture in'),
    compiled(device, pictureOutShader(network, to, precision), 'picture out'),
    ...[...shapesOf(network)].map(async ([name, shape]) => {
      const blocking = blockings?.get(name) ?? threadBlockingsOf(shape, limitsOf(gpu), precision)[0];
      return { name, blocking, pipeline: await compiled(device, kernelShader(shape, blocking, precision), name) };
    }),
  ]);
  return {
    pictureIn,
    pictureOut,
    trueTo: await trueTo,
    convolutions: new Map(convolutions.map((each) => [each.name, each])),
  };
}

/** All that is prepared once: for each picture under way its buffers, and what to run on them. */
async function lanesOf(parts: Parts, to: PictureFormat): Promise<Lane[]> {
  const { device, arena, tiles, precision, model, from } = parts;
  const { network } = model;
  const shaders = await shadersOf(parts, to);
  const kernelOf = (convolution: Convolution) =>
    shaders.convolutions.get(shapeName(shapeOf(convolution, network))) as Kernel;
  const packed = packWeights(model, (convolution) => kernelOf(convolution).blocking.by);
  const weights = filled(device, numbersOf(packed.numbers, precision), GPUBufferUsage.STORAGE);
  const maps = arenaOf(network);
  const size = tiles[0]?.read ?? { width: 0, height: 0 };
  const layout = wordLayout(from, network.scale);
  const convolutions = network.convolutions.map((convolution): Step => {
    const { pipeline, blocking } = kernelOf(convolution);
    const task = taskOf(convolution, packed.places.get(convolution.name) as WeightPlaces, maps, size);
    return {
      name: `${convolution.name}, ${shapeName(shapeOf(convolution, network))}`,
      pipeline,
      bindings: bound(device, pipeline, [arena, weights, filled(device, task, GPUBufferUsage.UNIFORM)]),
      groups: kernelGroups(shapeOf(convolution, network), blocking, size),
    };
  });
  const placeOf = (map: string) => (maps.places.get(map) as number) * size.width * size.height;
  const lastPlaces = packed.places.get(network.last.name) as WeightPlaces;
  const starts = tiles.map(({ read }) =>
    filled(
      device,
      new Int32Array([read.x, read.y, read.width, read.height, placeOf('picture')]),
      GPUBufferUsage.UNIFORM,
    ),
  );
  const ends = tiles.map(({ read, keep }) => {
    const kept = [keep.x, keep.y, keep.x + keep.width, keep.y + keep.height].map((edge) => edge * network.scale);
    const places = [placeOf(network.last.from), lastPlaces.maps[0] as number, lastPlaces.bias];
    const task = [read.x, read.y, read.width, read.height, ...kept, ...places];
    return filled(device, new Int32Array(task), GPUBufferUsage.UNIFORM);
  });
  // As the feature maps, of one picture after the other.
  const numbers = (format: PictureFormat) =>
    device.createBuffer({ size: 4 * samplesOf(format), usage: GPUBufferUsage.STORAGE });
  const [planes, missing] = [numbers(to), numbers(from)];
  return Array.from({ length: AT_ONCE }, (): Lane => {
    const picture = device.createBuffer({
      size: Math.ceil(bytesOf(from) / 4) * 4,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    const made = device.createBuffer({ size: layout.end * 4, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const fetched = device.createBuffer({ size: made.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const steps = tiles.flatMap(({ keep }, i): Step[] => [
      {
        name: 'picture in',
        pipeline: shaders.pictureIn,
        bindings: bound(device, shaders.pictureIn, [arena, picture, starts[i] as GPUBuffer]),
        groups: pictureInGroups(size),
      },
      ...convolutions,
      {
        name: 'picture out',
        pipeline: shaders.pictureOut,
        bindings: bound(device, shaders.pictureOut, [arena, weights, ends[i] as GPUBuffer, planes]),
        groups: pictureOutGroups(keep.width * network.scale, keep.height * network.scale),
      },
    ]);
    const last = shaders.trueTo.flatMap((plane): Step[] => [
      {
        name: `missing ${plane.kind}`,
        pipeline: plane.missing,
        bindings: bound(device, plane.missing, [picture, planes, missing]),
        groups: missingGroups(from, network.scale, plane.kind),
      },
      {
        name: `samples of ${plane.kind}`,
        pipeline: plane.samples,
        bindings: bound(device, plane.samples, [missing, planes, made]),
        groups: samplesGroups(from, network.scale, plane.kind),
      },
    ]);
    return { picture, made, fetched, steps: [...steps, ...last] };
  });
}

/** What a convolution's kernel is told. */
function taskOf(
  { name, from, plus }: Convolution,
  weights: WeightPlaces,
  { places }: Arena,
  { width, height }: { width: number; height: number },
): Uint32Array<ArrayBuffer> {
  const at = (map: string) => (places.get(map) as number) * width * height;
  return taskWords({
    ...{ width, height, made: at(name), bias: weights.bias },
    maps: from.map(({ map }, i) => ({ at: at(map), weights: weights.maps[i] as number })),
    plus: plus.map(({ map, times }) => ({ at: at(map), times })),
  });
}
