/**
 * `node test/bench/gpu/kernels.ts`: on a GPU, how long each convolution of slim and medium takes at 1920 × 1080 by every way to
 * share out its work that is likely, and whether it makes what the plainest makes. What is best here should come first in
 * `functions/upscale/gpu/plan.ts`.
 */
import {
  type ConvolutionShape,
  shapeMultiplyAdds,
  shapesOf,
} from '../../../functions/upscale/gpu/convolution-shape.ts';
import { findGpus } from '../../../functions/upscale/gpu/dawn.ts';
import { precisionsOf } from '../../../functions/upscale/gpu/gpu-upscaler.ts';
import type { Blocking } from '../../../functions/upscale/gpu/kernel.ts';
import { LoneConvolution } from '../../../functions/upscale/gpu/lone-convolution.ts';
import { limitsOf, matrixBlockingsOf, mostBytes, threadBlockingsOf } from '../../../functions/upscale/gpu/plan.ts';
import { difference } from '../../../functions/upscale/gpu/tune.ts';
import { loadModel } from '../../../functions/upscale/network/models.ts';

const SIZE = { width: 1920, height: 1080 };
/** Ways that are measured of each convolution: most time is taken by two. */
const HEAVY = ['11x11 1, 7x7 2*1>16 relu', '3x3 16>16 relu', '5x5 16>16 relu'];
const MOST = { heavy: 100, others: 24 };
/** After so long only few more are measured. */
const PATIENCE_SECONDS = 45;
const COMPARED_BYTES = 2 ** 21;

const [gpu] = await findGpus();
if (!gpu) throw new Error('Vulkan finds no GPU here');
const [precision = 'f32'] = precisionsOf(gpu);
const limits = limitsOf(gpu);
console.log(`${gpu.name}, ${gpu.driver}, ${precision}, ${JSON.stringify(limits)}`);
const shapes = new Map<string, ConvolutionShape>();
for (const name of ['slim', 'medium'] as const)
  for (const [shape, each] of shapesOf((await loadModel(name, 2)).network)) shapes.set(shape, each);
const device = await gpu.open(precision);
const begun = performance.now();

const inOrder = [...shapes].sort(([a], [b]) => Number(HEAVY.includes(b)) - Number(HEAVY.includes(a)));
for (const [name, shape] of inOrder) {
  const late = performance.now() - begun > PATIENCE_SECONDS * 1000;
  const tried = late ? 10 : HEAVY.includes(name) ? MOST.heavy : MOST.others;
  const threads = threadBlockingsOf(shape, limits, precision);
  const matrices = precision === 'f16' ? matrixBlockingsOf(shape, limits) : [];
  // The likely ones, and some of all others.
  const step = Math.ceil(matrices.length / (tried / 2));
  const some = matrices.filter((_, i) => i < tried / 2 || i % step === 0);
  const size =
    LoneConvolution.bytes(shape, precision, SIZE) <= mostBytes(gpu) ? SIZE : { ...SIZE, height: SIZE.height / 4 };
  using lone = new LoneConvolution(device, shape, precision, size);
  const candidates: Blocking[] = [...threads.slice(0, 6), ...some];
  const prepared = await Promise.all(
    candidates.map(async (blocking) => ({ blocking, prepared: await lone.prepared(blocking).catch(() => null) })),
  );
  const right = await lone.made(await lone.prepared(threads[0]), COMPARED_BYTES);
  const rows: { blocking: Blocking; milliseconds: number; off: number }[] = [];
  for (const { blocking, prepared: each } of prepared) {
    if (!each) continue;
    await lone.milliseconds(each, 2);
    const milliseconds = Math.min(await lone.milliseconds(each, 4), await lone.milliseconds(each, 4));
    rows.push({ blocking, milliseconds, off: difference(await lone.made(each, COMPARED_BYTES), right) });
  }
  rows.sort((a, b) => a.milliseconds - b.milliseconds);
  const wrong = rows.filter(({ off }) => off > 2e-3).length;
  console.log(`${name}: ${rows.length} of ${candidates.length} run, ${wrong} wrong`);
  const flop = 2 * shapeMultiplyAdds(shape) * size.width * size.height;
  const best = [...rows.slice(0, 5), ...rows.filter(({ blocking }) => blocking.by === 'threads').slice(0, 1)];
  for (const { blocking, milliseconds, off } of best)
    console.log(
      `  ${milliseconds.toFixed(3)} ms, ${(flop / milliseconds / 1e9).toFixed(1)} TFLOPS, off ${off.toExponential(1)}: ${JSON.stringify(blocking)}`,
    );
}
// A GPU that was opened keeps the process.
process.exit();
