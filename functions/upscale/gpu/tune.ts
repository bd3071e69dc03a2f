import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Network } from '../network/network.ts';
import { type ConvolutionShape, type Precision, shapesOf } from './convolution-shape.ts';
import type { Gpu } from './dawn.ts';
import { type Blocking, BlockingSchema, kernelShader } from './kernel.ts';
import { LoneConvolution } from './lone-convolution.ts';
import { blockingsOf, limitsOf, mostBytes } from './plan.ts';
import { whyNothing } from './why-nothing.ts';

/** Where it is kept what was measured, each by a key that says all that it follows from; another place measures anew. */
export interface Tunings {
  /** Null where nothing is kept by that key. */
  get(key: string): Promise<unknown>;
  /** A place that can't be written to costs measuring again, no more. */
  put(key: string, blocking: Blocking): Promise<void>;
}

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
  candidates: 32,
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
 * How each shape of convolution of a network is best shared out on a device, by its name: measured once, then kept for the device,
 * its driver and our shaders as they are. Each is one that is right on the device, whatever is kept: only how long it takes differs.
 */
export async function tuned(
  gpu: Gpu,
  network: Network,
  precision: Precision,
  tunings: Tunings,
  effort = EFFORT,
): Promise<ReadonlyMap<string, Blocking>> {
  const blockings = new Map<string, Blocking>();
  const missing: { name: string; shape: ConvolutionShape; tried: Tried; key: string }[] = [];
  for (const [name, shape] of shapesOf(network)) {
    const tried = blockingsOf(shape, limitsOf(gpu), precision, effort.candidates);
    const key = keyOf(gpu, shape, precision, tried);
    const { data: kept } = BlockingSchema.safeParse(await tunings.get(key));
    // Another, such as one that doesn't divide the channels, would leave some of them unmade.
    const known = tried.find((blocking) => isDeepStrictEqual(blocking, kept));
    if (known) blockings.set(name, known);
    else missing.push({ name, shape, tried, key });
  }
  if (missing.length === 0) return blockings;
  const device = await gpu.open(precision);
  try {
    for (const { name, shape, tried, key } of missing) {
      const best = await withinMemory(device, () => fastest(device, gpu, shape, precision, tried, effort.sizes));
      blockings.set(name, best ?? tried[0]);
      if (best) await tunings.put(key, best);
    }
  } catch (error) {
    throw error instanceof DOMException ? await whyNothing(device, gpu.name, error) : error;
  } finally {
    device.destroy();
  }
  return blockings;
}

/** Ways to share out a convolution's work that are measured. */
type Tried = readonly [Blocking, ...Blocking[]];

/** What is measured; null where the device hasn't the memory for that, when whatever comes of it says nothing. */
async function withinMemory<T>(device: GPUDevice, measure: () => Promise<T>): Promise<T | null> {
  device.pushErrorScope('out-of-memory');
  const [measured] = await Promise.allSettled([measure()]);
  if (await device.popErrorScope()) return null;
  if (measured.status === 'rejected') throw measured.reason;
  return measured.value;
}

/** All that is measured follows from this: the device, and the very shaders that are tried on it. */
function keyOf(gpu: Gpu, shape: ConvolutionShape, precision: Precision, tried: Tried): string {
  const shaders = tried.map((blocking) => kernelShader(shape, blocking, precision));
  return createHash('sha256')
    .update([gpu.name, gpu.driver, ...shaders].join('\n'))
    .digest('hex')
    .slice(0, 32);
}

async function fastest(
  device: GPUDevice,
  gpu: Gpu,
  shape: ConvolutionShape,
  precision: Precision,
  [first, ...others]: Tried,
  sizes: Effort['sizes'],
): Promise<Blocking> {
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
