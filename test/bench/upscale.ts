/**
 * `npm run bench:upscale [-- film.mp4 …]`: how fast videos become larger on what is here, against PyTorch on the same GPU and
 * onnxruntime on the same CPU, and how near the large pictures are to those that the small ones were made of. What can't be
 * measured here is said. Ends with 1 when a mark is missed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Device, findDevices } from '../../functions/upscale/devices.ts';
import { tuningsFolder } from '../../functions/upscale/gpu/tunings-folder.ts';
import { isGpu } from '../../functions/upscale/upscaler.ts';
import { allMet, say, told } from './figures.ts';
import { benchMedia } from './media.ts';
import { cpuFigures } from './upscale-cpu.ts';
import { filmFigures, networkFigures, onPaper } from './upscale-gpu.ts';
import { nearness } from './upscale-nearness.ts';

const MEDIA = { name: 'full', width: 1920, height: 1080, clips: 3, clipSeconds: 30, songBars: 32 } as const;

const scratch = await mkdtemp(join(tmpdir(), 'montage-bench-upscale-'));
try {
  const named = process.argv.slice(2);
  const films = named.length > 0 ? named : (await benchMedia(MEDIA)).clips.slice(0, 1);
  const devices = await findDevices({ tunings: tuningsFolder(join(scratch, 'tuning')) });
  const cpu = devices.find(({ kind }) => kind === 'CPU') as Device;
  const gpu = devices.find(isGpu);
  say(told('CPU', cpu.name), told('GPU', gpu?.name ?? 'none'));
  await networkFigures(gpu);
  await filmFigures(gpu, films[0] as string, scratch);
  await onPaper();
  await cpuFigures(cpu);
  await nearness(films, gpu ?? cpu, scratch);
  process.exitCode = allMet() ? 0 : 1;
} finally {
  await rm(scratch, { recursive: true, force: true });
}
// A GPU that was opened keeps the process.
process.exit();
