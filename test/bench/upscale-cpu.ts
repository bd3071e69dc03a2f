import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { brought } from '../../functions/upscale/brought.ts';
import { rgbOf } from '../../functions/upscale/colour.ts';
import { cpuTiles } from '../../functions/upscale/cpu/cpu-tiles.ts';
import { SMALL } from '../../functions/upscale/cpu/onnx-graph.ts';
import { type Device, findDevices, tuningsOfUser } from '../../functions/upscale/devices.ts';
import { loadModel, publishedModel } from '../../functions/upscale/network/models.ts';
import { bytesOf, type PictureFormat } from '../../functions/upscale/picture-format.ts';
import type { Tile } from '../../functions/upscale/tiles.ts';
import { asRatio, atLeast, atMost, inMegabytes, inSeconds, median, say, seconds, told } from './figures.ts';
import { plainOnnx } from './upscale-plain-onnx.ts';

const FULL_HD = { width: 1920, height: 1080, bits: 8, matrix: 'bt709', range: 'limited' } as const;
const TURNS = 2;
const LEAST_TO_ONNXRUNTIME = 1;
const MOST_BYTES = 600e6;

const noise = (format: PictureFormat) => new Uint8Array(bytesOf(format)).map((_, i) => 128 + 90 * Math.sin(i * 0.37));

/**
 * How long the CPU takes, against onnxruntime by itself: the network as a converter writes it, in tiles of the same size, from
 * planes of colours to planes of colours; and its memory.
 */
export async function cpuFigures(cpu: Device): Promise<void> {
  const model = await loadModel('slim', 2);
  const { InferenceSession, Tensor } = await brought<typeof import('onnxruntime-common')>('onnxruntime-node');
  const session = await InferenceSession.create(plainOnnx(await publishedModel('slim', 2)));
  const picture = noise(FULL_HD);
  const tiles = cpuTiles(model.network, FULL_HD, process.availableMemory());
  const { read } = tiles[0] as Tile;
  const rgb = rgbOf(picture, FULL_HD, read, model.network.range);
  const byItself = async () => {
    for (const _ of tiles) await session.run({ [SMALL]: new Tensor('float32', rgb, [1, 3, read.height, read.width]) });
  };
  const [theirs, ours]: [number[], number[]] = [[], []];
  {
    await using upscaler = await cpu.open(model, FULL_HD);
    await byItself();
    await upscaler.upscale(picture);
    // In turns, since a machine is not always equally fast.
    for (let turn = 0; turn < TURNS; turn++) {
      theirs.push(await seconds(byItself));
      ours.push(await seconds(() => upscaler.upscale(picture)));
    }
  }
  await session.release();
  say(
    told('onnxruntime by itself, 1080p in tiles, slim × 2', inSeconds(median(theirs))),
    told('ours in the same tiles, from YUV to YUV', inSeconds(median(ours))),
    atLeast('speed on the CPU ÷ onnxruntime by itself', median(theirs) / median(ours), LEAST_TO_ONNXRUNTIME, asRatio),
  );
  const { took, most } = await inAProcess();
  say(told('slim on the CPU, a frame from 1080p to 4K', inSeconds(took)));
  if (most > 0) say(atMost('memory of its process', most, MOST_BYTES, inMegabytes));
}

interface OnePicture {
  took: number;
  /** Bytes at most; 0 where the kernel doesn't tell. */
  most: number;
}

/** In a process of its own, whose memory is that of nothing else. */
async function inAProcess(): Promise<OnePicture> {
  const child = fork(new URL(import.meta.url).pathname);
  const [message] = (await once(child, 'message')) as [OnePicture];
  await once(child, 'exit');
  return message;
}

if (process.argv[1] === new URL(import.meta.url).pathname && process.send) {
  const cpu = (await findDevices({ tunings: tuningsOfUser() })).find(({ kind }) => kind === 'CPU') as Device;
  await using upscaler = await cpu.open(await loadModel('slim', 2), FULL_HD);
  const picture = noise(FULL_HD);
  const took = await seconds(() => upscaler.upscale(picture));
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  process.send({ took, most: Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) * 1024 } satisfies OnePicture);
  process.disconnect();
}
