import type { Model } from '../network/model.ts';
import type { Convolution, Network } from '../network/network.ts';
import { enlarged, type PictureFormat } from '../picture-format.ts';
import type { Tile } from '../tiles.ts';
import { type Arena, arenaOf, mapPixels } from './arena.ts';
import { missingGroups, missingShader, PLANE_KINDS, samplesGroups, samplesShader } from './back-projection-shader.ts';
import type { Buffers } from './buffers.ts';
import { type Precision, shapeName, shapeOf, shapesOf } from './convolution-shape.ts';
import type { Gpu } from './dawn.ts';
import { type Blocking, kernelGroups, kernelShader } from './kernel.ts';
import { taskWords } from './kernel-task.ts';
import { READ_BEYOND } from './matrix-shader.ts';
import { bound, compiled, filled, numbersOf } from './memory.ts';
import { packWeights, type WeightPlaces } from './packed-weights.ts';
import { pictureInGroups, pictureInShader } from './picture-in-shader.ts';
import type { PictureMemory } from './picture-memory.ts';
import { pictureOutGroups, pictureOutShader } from './picture-out-shader.ts';
import { bytesOfPixel, limitsOf, threadBlockingsOf } from './plan.ts';

export interface Step {
  /** What it does, for who measures it. */
  name: string;
  pipeline: GPUComputePipeline;
  bindings: GPUBindGroup;
  groups: readonly [x: number, y: number, z?: number];
}

/** Buffers of a picture under way, and all that is run on them. */
export interface Lane {
  picture: GPUBuffer;
  made: GPUBuffer;
  fetched: GPUBuffer;
  steps: Step[];
}

export interface ShaderParts {
  device: GPUDevice;
  gpu: Gpu;
  model: Model;
  from: PictureFormat;
  precision: Precision;
  blockings: ReadonlyMap<string, Blocking> | undefined;
}

interface Kernel {
  pipeline: GPUComputePipeline;
  blocking: Blocking;
}

type Shaders = Awaited<ReturnType<typeof shadersOf>>;

/** Shaders of a network on a device, compiled side by side. */
export async function shadersOf({ device, gpu, precision, model: { network }, from, blockings }: ShaderParts) {
  const { scale } = network;
  const to = enlarged(from, scale);
  const [[pictureIn, pictureOut], trueTo, convolutions] = await Promise.all([
    Promise.all([
      compiled(device, pictureInShader(from, network.range, precision), 'picture in'),
      compiled(device, pictureOutShader(network, to, precision), 'picture out'),
    ]),
    Promise.all(
      PLANE_KINDS.map(async (kind) => ({
        kind,
        missing: await compiled(device, missingShader(from, scale, kind), `missing ${kind}`),
        samples: await compiled(device, samplesShader(from, scale, kind), `samples of ${kind}`),
      })),
    ),
    Promise.all(
      [...shapesOf(network)].map(async ([name, shape]) => {
        const blocking = blockings?.get(name) ?? threadBlockingsOf(shape, limitsOf(gpu), precision)[0];
        return { name, blocking, pipeline: await compiled(device, kernelShader(shape, blocking, precision), name) };
      }),
    ),
  ]);
  return { pictureIn, pictureOut, trueTo, convolutions: new Map(convolutions.map((each) => [each.name, each])) };
}

export interface LaneParts extends Omit<ShaderParts, 'gpu' | 'blockings'> {
  shaders: Shaders;
  /** Whoever destroys these takes away all lanes. */
  buffers: Buffers;
  /** Of one size. */
  tiles: readonly Tile[];
  memory: PictureMemory;
  /** Pictures under way at once. */
  count: number;
}

/** Bytes of the feature maps of a tile of so many pixels. */
export const arenaBytes = (pixels: number, network: Network, precision: Precision): number =>
  (mapPixels(pixels) + READ_BEYOND) * bytesOfPixel(network, precision);

/** Pixels of the largest tile whose feature maps so many bytes have room for. */
export const pixelsIn = (bytes: number, network: Network, precision: Precision): number =>
  mapPixels(Math.floor(bytes / bytesOfPixel(network, precision)) - READ_BEYOND - 3);

/** All that is prepared once: for each picture under way its buffers, and what to run on them. */
export function lanesOf(parts: LaneParts): Lane[] {
  const { device, shaders, buffers, tiles, memory, precision, model, from } = parts;
  const { network } = model;
  const kernelOf = (convolution: Convolution) =>
    shaders.convolutions.get(shapeName(shapeOf(convolution, network))) as Kernel;
  const packed = packWeights(model, (convolution) => kernelOf(convolution).blocking.by);
  const weights = filled(buffers, numbersOf(packed.numbers, precision), GPUBufferUsage.STORAGE);
  const maps = arenaOf(network);
  const size = (tiles[0] as Tile).read;
  const arena = buffers.createBuffer({
    size: arenaBytes(size.width * size.height, network, precision),
    usage: GPUBufferUsage.STORAGE,
  });
  const convolutions = network.convolutions.map((convolution): Step => {
    const { pipeline, blocking } = kernelOf(convolution);
    const task = taskOf(convolution, packed.places.get(convolution.name) as WeightPlaces, maps, size);
    return {
      name: `${convolution.name}, ${shapeName(shapeOf(convolution, network))}`,
      pipeline,
      bindings: bound(device, pipeline, [arena, weights, filled(buffers, task, GPUBufferUsage.UNIFORM)]),
      groups: kernelGroups(shapeOf(convolution, network), blocking, size),
    };
  });
  const placeOf = (map: string) => (maps.places.get(map) as number) * mapPixels(size.width * size.height);
  const lastPlaces = packed.places.get(network.last.name) as WeightPlaces;
  const starts = tiles.map(({ read }) =>
    filled(
      buffers,
      new Int32Array([read.x, read.y, read.width, read.height, placeOf('picture')]),
      GPUBufferUsage.UNIFORM,
    ),
  );
  const ends = tiles.map(({ read, keep }) => {
    const kept = [keep.x, keep.y, keep.x + keep.width, keep.y + keep.height].map((edge) => edge * network.scale);
    const places = [placeOf(network.last.from), lastPlaces.maps[0] as number, lastPlaces.bias];
    const task = [read.x, read.y, read.width, read.height, ...kept, ...places];
    return filled(buffers, new Int32Array(task), GPUBufferUsage.UNIFORM);
  });
  // As the feature maps, of one picture after the other.
  const storage = (bytes: number) => buffers.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE });
  const [planes, missing] = [storage(memory.planes), storage(memory.missing)];
  return Array.from({ length: parts.count }, (): Lane => {
    const picture = buffers.createBuffer({
      size: memory.picture,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    const made = buffers.createBuffer({ size: memory.made, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const fetched = buffers.createBuffer({
      size: memory.made,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
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
  const at = (map: string) => (places.get(map) as number) * mapPixels(width * height);
  return taskWords({
    ...{ width, height, made: at(name), bias: weights.bias },
    maps: from.map(({ map }, i) => ({ at: at(map), weights: weights.maps[i] as number })),
    plus: plus.map(({ map, times }) => ({ at: at(map), times })),
  });
}
