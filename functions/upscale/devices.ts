import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { log } from '../../shared/log.ts';
import { GPU_LOOKED_FOR, lookForAGpu } from '../../shared/look-for-a-gpu.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import { fileOf } from './brought.ts';
import { cpuName, openCpuUpscaler } from './cpu/cpu-upscaler.ts';
import { findGpus, type Gpu } from './gpu/dawn.ts';
import { openGpuUpscaler, precisionsOf } from './gpu/gpu-upscaler.ts';
import { type Tunings, tuned } from './gpu/tune.ts';
import { tuningsFolder } from './gpu/tunings-folder.ts';
import type { Model } from './network/model.ts';
import { bytesOf, type PictureFormat } from './picture-format.ts';
import { type DeviceNamed, isGpu, type Upscaler } from './upscaler.ts';

/** Something here that can make pictures larger. */
export interface Device extends DeviceNamed {
  /** What it can do that matters: numbers it can keep, memory for one picture, threads. */
  abilities: string[];
  /** By a network, for pictures of one format; `together` says how many share the device's memory (1 where it isn't said). */
  open(model: Model, from: PictureFormat, together?: number): Promise<Upscaler>;
}

/** What was measured on this computer, kept for its user. */
export const tuningsOfUser = (): Tunings =>
  tuningsFolder(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'montage', 'gpu-tuning'));

interface DeviceOptions {
  /** Where it is kept how work is best shared out on a GPU. */
  tunings: Tunings;
}

/**
 * All devices, the one that is likely to be the fastest first. A computer always has one: its CPU.
 *
 * @throws {Refusal} when what upscaling needs isn't installed.
 */
export async function findDevices({ tunings }: DeviceOptions): Promise<Device[]> {
  fileOf('webgpu', 'package.json');
  const found = await lookForAGpu();
  const isThere = found === GPU_LOOKED_FOR.gpu || found === GPU_LOOKED_FOR.software;
  const gpus = isThere ? (await gpusOrNone()).map((gpu) => gpuDevice(gpu, tunings)) : [];
  return [...gpus.filter(isGpu), cpuDevice(), ...gpus.filter((gpu) => !isGpu(gpu))];
}

/** A driver that fails leaves the CPU. */
const gpusOrNone = (): Promise<Gpu[]> =>
  findGpus().catch((error: unknown) => {
    log.warn('the GPUs can not be asked what they are', { reason: sentenceOf(error) });
    return [];
  });

function gpuDevice(gpu: Gpu, tunings: Tunings): Device {
  const [precision = 'f32'] = precisionsOf(gpu);
  const { features, limits, kind, name, driver } = gpu;
  return {
    ...{ kind, name, precision },
    abilities: [
      precision === 'f16' ? '16-bit numbers' : 'no 16-bit numbers',
      ...(features.has('subgroups') ? ['subgroups'] : []),
      `buffers of up to ${gibibytes(limits.maxStorageBufferBindingSize)}`,
      `workgroups of up to ${limits.maxComputeInvocationsPerWorkgroup} threads and ${limits.maxComputeWorkgroupStorageSize / 1024} KiB`,
      ...(driver ? [`driver ${driver}`] : []),
    ],
    async open(model, from) {
      // To measure takes longest where it helps least.
      const blockings = isGpu(gpu) ? await tuned(gpu, model.network, precision, tunings) : undefined;
      return openGpuUpscaler({ gpu, model, from, precision, blockings });
    },
  };
}

function cpuDevice(): Device {
  const threads = availableParallelism();
  return {
    kind: 'CPU',
    name: cpuName(threads),
    precision: 'f32',
    abilities: ['32-bit numbers', `${threads} ${threads === 1 ? 'thread' : 'threads'}`],
    open: (model, format, together) => openCpuUpscaler({ model, format, threads, together }),
  };
}

const gibibytes = (bytes: number) => `${Math.round((bytes / 2 ** 30) * 10) / 10} GiB`;

/** Pictures that are measured with, each only when the one before was made in a moment. */
const MEASURED = [
  { width: 64, height: 36 },
  { width: 320, height: 180 },
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;
const A_MOMENT_SECONDS = 0.25;

/** How many pictures of 1920 × 1080 a second a device makes larger by a model, as measured on the largest picture that doesn't take long. */
export async function measuredSpeed(device: Device, model: Model): Promise<number> {
  let speed = 0;
  for (const size of MEASURED) {
    const format = { ...size, bits: 8, matrix: 'bt709', range: 'limited' } as const;
    await using upscaler = await device.open(model, format);
    const picture = new Uint8Array(bytesOf(format)).fill(128);
    // The first one waits for what is made ready once.
    await upscaler.upscale(picture);
    const seconds = async (count: number) => {
      const from = performance.now();
      await Promise.all(Array.from({ length: count }, () => upscaler.upscale(picture)));
      return (performance.now() - from) / 1000 / count;
    };
    const alone = await seconds(1);
    // What takes long by itself is known well enough.
    const each = alone > A_MOMENT_SECONDS ? alone : await seconds(2 * upscaler.atOnce);
    speed = (size.width * size.height) / (1920 * 1080) / each;
    if (each > A_MOMENT_SECONDS) break;
  }
  return speed;
}
