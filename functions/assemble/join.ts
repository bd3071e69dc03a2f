import { symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FrameRate } from '../../shared/frame-rate.ts';
import { ffmpeg } from '../../shared/media/ffmpeg.ts';

const TIME_LIMIT_SECONDS = 300;

/**
 * Lays segments end to end without touching their pictures, into a NUT file in `scratch`; resolves to its path.
 *
 * Segments come with decode times of their own, which don't fit together where a segment is shorter than the encoder's
 * reordering. NUT keeps only when each picture is shown, so whoever reads it works the decode times out anew, in one row.
 *
 * @param segments path and length of each, in order; all with the same codec settings, pictures at `frame / rate` from 0.
 */
export async function joinSegments(
  segments: readonly { path: string; frames: number }[],
  rate: FrameRate,
  scratch: string,
  signal?: AbortSignal,
): Promise<string> {
  const names = segments.map((_, i) => `segment-${i}.mp4`);
  await Promise.all(segments.map(({ path }, i) => symlink(resolve(path), join(scratch, names[i] as string))));
  const list = join(scratch, 'segments.txt');
  await writeFile(
    list,
    concatList(
      segments.map(({ frames }, i) => ({ name: names[i] as string, frames })),
      rate,
    ),
  );
  const picture = join(scratch, 'picture.nut');
  // The only concat script that is ever read: our own, over files of names that we gave.
  const source = [
    '-protocol_whitelist',
    'file',
    '-format_whitelist',
    'concat,mov',
    '-f',
    'concat',
    '-i',
    `file:${list}`,
  ];
  await ffmpeg(['-v', 'error', ...source, '-map', '0:v:0', '-c', 'copy', '-f', 'nut', `file:${picture}`], {
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    signal,
  });
  return picture;
}

/**
 * The concat demuxer's script. It counts in microseconds, so each length is the difference of two rounded places on the
 * montage's clock: a picture is never more than half a microsecond off, however many segments there are.
 */
export function concatList(segments: readonly { name: string; frames: number }[], rate: FrameRate): string {
  const [numerator, denominator] = rate.split('/').map(Number) as [number, number];
  const microsecondsAt = (frame: number) => Math.round((frame * denominator * 1_000_000) / numerator);
  let frame = 0;
  return segments
    .map(({ name, frames }) => {
      const length = microsecondsAt(frame + frames) - microsecondsAt(frame);
      frame += frames;
      return `file ${name}\nduration ${Math.floor(length / 1e6)}.${String(length % 1e6).padStart(6, '0')}\n`;
    })
    .join('');
}
