import { availableParallelism } from 'node:os';
import { trueTo } from '../back-projection.ts';
import { fileOf } from '../brought.ts';
import { paint, type Rectangle, rgbOf } from '../colour.ts';
import type { Model } from '../network/model.ts';
import { assertPicture, enlarged, type PictureFormat, samplesOf } from '../picture-format.ts';
import type { Tile } from '../tiles.ts';
import type { Upscaler } from '../upscaler.ts';
import { AT_ONCE, cpuTiles } from './cpu-tiles.ts';
import { NetworkRunner } from './network-runner.ts';
import type { Planes } from './network-thread.ts';
import { onnxOf } from './onnx-graph.ts';

export const cpuName = (threads: number): string => `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;

interface CpuOptions {
  model: Model;
  /** Of the pictures that are to become larger. */
  format: PictureFormat;
  /** How many threads compute: one for each of the CPU's cores if not said. */
  threads?: number;
  /** How many share the memory that is free: one if not said. */
  together?: number | undefined;
  /**
   * What is made at once, if that is not to be as the machine's memory allows. The pictures are the same, bit by bit.
   */
  tiles?: readonly Tile[];
}

/**
 * Makes pictures larger on the CPU.
 *
 * @throws {Refusal} when onnxruntime isn't installed.
 */
export async function openCpuUpscaler(options: CpuOptions): Promise<Upscaler> {
  const { model, format, threads = availableParallelism(), together = 1 } = options;
  fileOf('onnxruntime-node', 'package.json');
  const { scale, range } = model.network;
  const to = enlarged(format, scale);
  const tiles = options.tiles ?? cpuTiles(model.network, format, process.availableMemory() / together);
  const { width, height } = (tiles[0] as Tile).read;
  const runner = await NetworkRunner.start({ model: onnxOf(model), threads });
  const unused: Planes[] = [];
  return {
    device: { kind: 'CPU', name: cpuName(threads), precision: 'f32' },
    from: format,
    to,
    atOnce: AT_ONCE,
    async upscale(picture, signal) {
      assertPicture(picture, format);
      const painted = new Float32Array(samplesOf(to));
      let planes = unused.pop() ?? {
        small: new Float32Array(3 * width * height),
        large: new Float32Array(3 * width * height * scale ** 2),
      };
      for (const { read, keep } of tiles) {
        signal?.throwIfAborted();
        rgbOf(picture, format, read, range, planes.small);
        planes = await runner.enlarge({ ...planes, width, height, scale });
        paint(painted, to, { rgb: planes.large, part: times(read, scale), keep: times(keep, scale) }, range);
      }
      unused.push(planes);
      return trueTo(picture, format, painted, scale);
    },
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  };
}

const times = ({ x, y, width, height }: Rectangle, scale: number): Rectangle => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
});
