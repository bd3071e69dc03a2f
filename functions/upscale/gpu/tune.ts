import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Network } from '../network/network.ts';
import { type ConvolutionShape, type Precision, shapesOf } from './convolution-shape.ts';
import type { Gpu } from './dawn.ts';
import { type Blocking, BlockingSchema, kernelShader } from './kernel.ts';
import { LoneConvolution } from './lone-convolution.ts';
import { matrixShader } from './matrix-shader.ts';
import { blockingsOf, limitsOf } from './plan.ts';
import { threadShader } from './thread-shader.ts';

const TuningSchema = z.record(z.string(), BlockingSchema);

interface Effort {
  /** Pictures to measure on: the first that takes a while. */
  sizes: readonly { width: number; height: number }[];
  /** Of all ways to share out work by threads, and by matrices, so many of the likely ones are measured. */
  candidates: number;
}
const EFFORT: Effort = {
  sizes: [
    { width: 480, height: 270 },
    { width: 960, height: 540 },
    { width: 1920, height: 1080 },
  ],
  candidates: 20,
};
const A_WHILE_MS = 1;
/** Feature maps for the measurement, in bytes: no more than a small device has to spare. */
const MOST_BYTES = 2 ** 29;
const RUNS = 3;
/** What is compared of what kernels make, from either end, in bytes. */
const COMPARED_BYTES = 2 ** 21;
/** 16-bit numbers of other sums are this far apart at most, as a share of all. */
const MOST_DIFFERENCE = 2e-3;

/**
 * How each shape of convolution of a network is best shared out on a device, by its name: measured once, then kept in a file
 * for the device, its driver and our shader as they are. What was measured is right either way: only how long it takes differs.
 */
export async function tuned(
  gpu: Gpu,
  network: Network,
  precision: Precision,
  path: string,
  effort = EFFORT,
): Promise<ReadonlyMap<string, Blocking>> {
  const shapes = shapesOf(network);
  const key = (name: string) =>
    createHash('sha256')
      .update([gpu.name, gpu.driver, precision, name, `${kernelShader}${threadShader}${matrixShader}`].join('\n'))
      .digest('hex')
      .slice(0, 16);
  const known = await kept(path);
  const missing = [...shapes].filter(([name]) => !known[key(name)]);
  if (missing.length > 0) {
    const device = await gpu.open(precision);
    try {
      for (const [name, shape] of missing) known[key(name)] = await fastest(device, gpu, shape, precision, effort);
    } finally {
      device.destroy();
    }
    await keep(path, known);
  }
  return new Map([...shapes.keys()].map((name) => [name, known[key(name)] as Blocking]));
}

async function fastest(
  device: GPUDevice,
  gpu: Gpu,
  shape: ConvolutionShape,
  precision: Precision,
  { sizes, candidates }: Effort,
): Promise<Blocking> {
  const [first, ...others] = blockingsOf(shape, limitsOf(gpu), precision, candidates);
  for (const [i, size] of sizes.entries()) {
    using lone = new LoneConvolution(device, shape, precision, size);
    const plain = await lone.prepared(first);
    const measure = async (prepared: typeof plain) => {
      await lone.milliseconds(prepared, RUNS);
      return Math.min(await lone.milliseconds(prepared, RUNS), await lone.milliseconds(prepared, RUNS));
    };
    let best: { blocking: Blocking; milliseconds: number } = { blocking: first, milliseconds: await measure(plain) };
    const next = sizes[i + 1];
    const larger = next && LoneConvolution.bytes(shape, precision, next) <= Math.min(MOST_BYTES, mostBytes(gpu));
    if (best.milliseconds < A_WHILE_MS && larger) continue;
    const right = await lone.made(plain, COMPARED_BYTES);
    // Drivers compile on all processors.
    const prepared = await Promise.all(
      others.map(async (blocking) => ({ blocking, prepared: await lone.prepared(blocking).catch(() => null) })),
    );
    for (const { blocking, prepared: each } of prepared) {
      if (!each) continue;
      const milliseconds = await measure(each);
      if (milliseconds >= best.milliseconds) continue;
      // A unit that multiplies matrices is new to drivers: what it makes is looked at before it is believed.
      if (difference(await lone.made(each, COMPARED_BYTES), right) <= MOST_DIFFERENCE)
        best = { blocking, milliseconds };
    }
    return best.blocking;
  }
  return first;
}

const mostBytes = ({ limits }: Gpu): number => Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);

/** How far numbers are from those that are right, as a share of all of these; not a number counts as far. */
export function difference(numbers: Float32Array, right: Float32Array): number {
  let [off, all] = [0, 0];
  for (const [i, each] of right.entries()) {
    off += ((numbers[i] as number) - each) ** 2;
    all += each ** 2;
  }
  const share = Math.sqrt(off / all);
  return Number.isNaN(share) ? Infinity : share;
}

/** What was measured before; a file that can't be read is measured anew. */
async function kept(path: string): Promise<z.infer<typeof TuningSchema>> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  try {
    return TuningSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/** A place that can't be written to costs measuring again, no more. */
async function keep(path: string, tuning: z.infer<typeof TuningSchema>): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, JSON.stringify(tuning));
    await rename(unfinished, path);
  } catch {}
}
