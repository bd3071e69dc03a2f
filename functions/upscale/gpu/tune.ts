import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Network } from '../network/network.ts';
import {
  type Blocking,
  type ConvolutionShape,
  convolutionShader,
  type Precision,
  quadBytes,
} from './convolution-shader.ts';
import type { Gpu } from './dawn.ts';
import { blockingsOf, limitsOf, shapeName, shapesOf } from './plan.ts';

const count = z.number().int().positive();
const TuningSchema = z.record(
  z.string(),
  z.object({
    columns: count,
    rows: count,
    outputs: count,
    pixelsOfThread: count,
    outputsOfThread: count,
    depth: count,
  }),
);

interface Effort {
  /** The picture that is measured on: large enough that a device is busy, small enough that it takes a moment. */
  size: { width: number; height: number };
  /** Of all ways to share out work, so many of the likely ones are measured. */
  candidates: number;
}
const EFFORT: Effort = { size: { width: 480, height: 270 }, candidates: 16 };
const RUNS = 3;

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
      .update([gpu.name, gpu.driver, precision, name, convolutionShader.toString()].join('\n'))
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
  { size, candidates: most }: Effort,
): Promise<Blocking> {
  const candidates = blockingsOf(shape, limitsOf(gpu), precision).slice(0, most);
  const [first] = candidates;
  if (!first)
    throw new Error(`${gpu.name} gives a workgroup too few threads or too little memory for ${shapeName(shape)}`);
  const pixels = size.width * size.height;
  const { maps, depth, outputs, kernel, plus } = shape;
  const storage = (quads: number) =>
    device.createBuffer({ size: quads * quadBytes(precision), usage: GPUBufferUsage.STORAGE });
  const arena = storage(pixels * (maps * depth + outputs * (1 + plus)));
  const weights = storage(maps * depth * 4 * kernel ** 2 * outputs + outputs);
  const numbers = [
    ...[size.width, size.height, pixels * maps * depth, maps * depth * 4 * kernel ** 2 * outputs],
    ...Array.from({ length: maps }, (_, i) => [
      pixels * i * depth,
      depth,
      i * depth * 4 * kernel ** 2 * outputs,
      0,
    ]).flat(),
    ...Array.from({ length: plus }, (_, i) => [pixels * (maps * depth + outputs * (1 + i)), 0, 0, 0]).flat(),
    ...[0, 0, 0, 0],
  ];
  const task = device.createBuffer({
    size: numbers.length * 4,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(task, 0, new Uint32Array(numbers));
  let best = { blocking: first, milliseconds: Infinity };
  for (const blocking of candidates) {
    const module = device.createShaderModule({ code: convolutionShader(shape, blocking, precision) });
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
    const bindings = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [arena, weights, task].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const run = async () => {
      const from = performance.now();
      const commands = device.createCommandEncoder();
      const pass = commands.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings);
      // Several, so that what it takes to begin one counts for little.
      for (let i = 0; i < RUNS; i++)
        pass.dispatchWorkgroups(
          Math.ceil(size.width / blocking.columns),
          Math.ceil(size.height / blocking.rows),
          outputs / blocking.outputs,
        );
      pass.end();
      device.queue.submit([commands.finish()]);
      await device.queue.onSubmittedWorkDone();
      return performance.now() - from;
    };
    await run();
    const milliseconds = Math.min(await run(), await run());
    if (milliseconds < best.milliseconds) best = { blocking, milliseconds };
  }
  for (const buffer of [arena, weights, task]) buffer.destroy();
  return best.blocking;
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
