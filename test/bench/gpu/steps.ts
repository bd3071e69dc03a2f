/**
 * `node test/bench/gpu/steps.ts`: on a GPU, how long each step of a picture from 1920 × 1080 to 3840 × 2160 takes, by its own clock, and how
 * its kernels are shared out.
 */
import { tuningsOfUser } from '../../../functions/upscale/devices.ts';
import { findGpus } from '../../../functions/upscale/gpu/dawn.ts';
import { openGpuUpscaler, precisionsOf } from '../../../functions/upscale/gpu/gpu-upscaler.ts';
import { tuned } from '../../../functions/upscale/gpu/tune.ts';
import { loadModel } from '../../../functions/upscale/network/models.ts';
import { bytesOf } from '../../../functions/upscale/picture-format.ts';

const FULL_HD = { width: 1920, height: 1080, bits: 8, matrix: 'bt709', range: 'limited' } as const;
const TURNS = 5;

const [gpu] = await findGpus();
if (!gpu) throw new Error('Vulkan finds no GPU here');
const [precision = 'f32'] = precisionsOf(gpu);
for (const name of ['slim', 'medium'] as const) {
  const model = await loadModel(name, 2);
  const begun = performance.now();
  const blockings = await tuned(gpu, model.network, precision, tuningsOfUser());
  console.log(`${name}: tuned in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  for (const [shape, blocking] of blockings) console.log(`  ${shape}: ${JSON.stringify(blocking)}`);
  await using upscaler = await openGpuUpscaler({ gpu, model, from: FULL_HD, precision, blockings });
  const picture = new Uint8Array(bytesOf(FULL_HD)).map((_, i) => 128 + 90 * Math.sin(i * 0.37));
  const turns: { name: string; milliseconds: number }[][] = [];
  for (let turn = 0; turn < TURNS; turn++) turns.push((await upscaler.timed(picture)) ?? []);
  const least = (turns[0] ?? []).map(({ name }, n) => ({
    name,
    milliseconds: Math.min(...turns.map((steps) => steps[n]?.milliseconds ?? Infinity)),
  }));
  const all = least.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  console.log(`${name}: ${upscaler.tiles} tiles, ${all.toFixed(2)} ms on the GPU`);
  for (const { name, milliseconds } of least) console.log(`  ${milliseconds.toFixed(3)} ms  ${name}`);
}
// A GPU that was opened keeps the process.
process.exit();
