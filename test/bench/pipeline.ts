/**
 * `npm run bench`: what a montage costs against what it must cost at least, in one run on this machine. `--quick` takes
 * small media, to see that the bench itself works. Ends with 1 when a mark is missed.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fromOtio } from '../../shared/exports/otio.ts';
import { ffmpeg, input } from '../../shared/media/ffmpeg.ts';
import type { Timeline } from '../../shared/timeline.ts';
import {
  allMet,
  asRatio,
  atMost,
  type Figure,
  inMegabytes,
  inMilliseconds,
  inSeconds,
  median,
  say,
  seconds,
  told,
} from './figures.ts';
import { type BenchMedia, type BenchSize, benchMedia, longerFootage } from './media.ts';
import { timedMontage, wakeMilliseconds } from './montage.ts';
import { encodeInOneCommand } from './one-command.ts';

const FULL: BenchSize = { name: 'full', width: 1920, height: 1080, clips: 3, clipSeconds: 30, songBars: 32 };
const QUICK: BenchSize = { name: 'quick', width: 640, height: 360, clips: 3, clipSeconds: 8, songBars: 8 };

const MOST_COLD_RATIO = 1.3;
const MOST_WARM_RATIO = 1.1;
const MOST_WAKE_MS = 50;
const MOST_MEMORY_BYTES = 1.5e9;
/** Samples of a quarter of a second differ by this much from run to run. */
const MOST_MEMORY_GROWTH = 1.15;
const LONGER = 4;

const size = process.argv.includes('--quick') ? QUICK : FULL;
const scratch = await mkdtemp(join(tmpdir(), 'montage-bench-'));
try {
  await measure(await benchMedia(size));
  process.exitCode = allMet() ? 0 : 1;
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** Measures and says each figure as soon as it is known. */
async function measure(media: BenchMedia): Promise<void> {
  const data = join(scratch, 'data');
  const quality = size === FULL ? 'standard' : 'preview';
  const order = (style: string, footage: string, out: string) => [
    ...['run', style, '--footage', footage, '--music', media.music, '--quality', quality],
    ...['-o', join(scratch, out), '--quiet'],
  ];
  const oneCommand = (name: string) =>
    seconds(async () => encodeInOneCommand(await made(name), filesOf(await made(name), media), scratch));

  const cold = await timedMontage([...order('dynamic', media.footage, 'cold.mp4'), '--data', data]);
  say(told('cold run, dynamic', inSeconds(cold.seconds)), ...memory('cold run', cold.peakBytes, MOST_MEMORY_BYTES));
  const decoding = await seconds(() => decodeAll(media.clips));
  say(told('one decode of each clip', inSeconds(decoding)));
  const coldCommand = await oneCommand('cold');
  const coldRatio = cold.seconds / (decoding + coldCommand);
  say(
    told('one ffmpeg command, same timeline', inSeconds(coldCommand)),
    atMost('cold run ÷ (decode + one command)', coldRatio, MOST_COLD_RATIO, asRatio),
  );

  const warm = await timedMontage([...order('hitchcock', media.footage, 'warm.mp4'), '--data', data]);
  say(
    told('second run, hitchcock', inSeconds(warm.seconds)),
    ...memory('second run', warm.peakBytes, MOST_MEMORY_BYTES),
  );
  const warmCommand = await oneCommand('warm');
  const warmRatio = warm.seconds / warmCommand;
  say(
    told('one ffmpeg command, same timeline', inSeconds(warmCommand)),
    atMost('second run ÷ one command', warmRatio, MOST_WARM_RATIO, asRatio),
  );

  const waits = await wakeMilliseconds(data, [[...order('dynamic', media.footage, 'woken.mp4'), '--seed', '7']]);
  say(atMost(`arrival to first line, warm (median of ${waits.length})`, median(waits), MOST_WAKE_MS, inMilliseconds));

  const longer = await longerFootage(media, LONGER, join(scratch, 'long'));
  const long = await timedMontage([...order('dynamic', longer, 'long.mp4'), '--data', join(scratch, 'long-data')]);
  const most = Math.min(MOST_MEMORY_BYTES, cold.peakBytes * MOST_MEMORY_GROWTH);
  say(...memory(`cold run, footage ${LONGER} times as long`, long.peakBytes, most));
}

async function made(name: string): Promise<Timeline> {
  return fromOtio(await readFile(join(scratch, `${name}.otio`), 'utf8'));
}

/** Where the timeline's clips and song lie, by their keys. */
function filesOf(timeline: Timeline, media: BenchMedia): Map<string, string> {
  const byName = new Map(media.clips.map((path) => [basename(path), path]));
  const clips = timeline.sources.map(({ key, file }): [string, string] => [key, byName.get(basename(file)) ?? '']);
  return new Map([...clips, [timeline.music.key, media.music]]);
}

async function decodeAll(clips: readonly string[]): Promise<void> {
  for (const clip of clips) {
    await ffmpeg(['-v', 'error', ...input(clip), '-f', 'null', '-'], { timeLimitSeconds: 600 });
  }
}

/** Nothing where the machine doesn't say. */
function memory(what: string, bytes: number, most: number): Figure[] {
  return bytes > 0 ? [atMost(`memory, ${what}`, bytes, most, inMegabytes)] : [];
}
