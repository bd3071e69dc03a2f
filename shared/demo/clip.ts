import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startFfmpeg } from '../media/ffmpeg.ts';
import { ambience } from './ambience.ts';
import type { DemoClip } from './files.ts';
import { SONG_RATE } from './instruments.ts';
import type { Painter } from './painter.ts';
import { HEIGHT, WIDTH } from './scenes/picture.ts';
import { pcmOf } from './wav.ts';

const TIME_LIMIT_SECONDS = 600;

interface ClipOptions {
  signal?: AbortSignal | undefined;
  onFrame?: (() => void) | undefined;
}

/**
 * Paints a clip and writes it to `<folder>/<name>.mp4`: H.264 with sound. It appears there whole or not at all.
 *
 * @returns its path.
 */
export async function makeClip(
  clip: DemoClip,
  folder: string,
  painter: Painter,
  { signal, onFrame }: ClipOptions = {},
): Promise<string> {
  const path = join(folder, `${clip.name}.mp4`);
  const unfinished = join(folder, `.${clip.name}.part`);
  const running = await startFfmpeg([...encoding(clip), unfinished], {
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    signal,
    extraPipes: 2,
  });
  running.stdout.resume();
  const [pictures, sound] = running.pipes;
  if (!pictures || !sound) throw new Error('ffmpeg was started without its pipes');
  try {
    const fed = await Promise.allSettled([
      running.ended,
      pipeline(Readable.from(paintings(clip, painter, onFrame)), pictures),
      pipeline(Readable.from(ambiences(clip)), sound),
    ]);
    // ffmpeg's own failure comes first in the list: it explains a broken pipe.
    for (const result of fed) if (result.status === 'rejected') throw result.reason;
    await rename(unfinished, path);
    return path;
  } finally {
    await rm(unfinished, { force: true });
  }
}

function encoding({ framesPerSecond }: DemoClip): string[] {
  return [
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${WIDTH}x${HEIGHT}`, '-r', `${framesPerSecond}`, '-i', 'pipe:3'],
    ...['-f', 's16le', '-ar', `${SONG_RATE}`, '-ac', '2', '-i', 'pipe:4'],
    ...['-vf', `scale=1280:720:flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuv420p`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '21', '-threads', '1', '-g', '50'],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    ...['-c:a', 'aac', '-b:a', '128k', '-shortest'],
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
    ...['-movflags', '+faststart', '-f', 'mp4'],
  ];
}

/** How many pictures a clip has. */
export function framesOf({ shots, framesPerSecond }: DemoClip): number {
  return shots.reduce((sum, { seconds }) => sum + seconds * framesPerSecond, 0);
}

/** The clip's pictures in order; the next one is asked for before the last one is taken, so that the painter never waits. */
async function* paintings(clip: DemoClip, painter: Painter, onFrame?: () => void): AsyncGenerator<Uint8Array> {
  const requests = clip.shots.flatMap(({ scene, from, seconds }) =>
    Array.from({ length: seconds * clip.framesPerSecond }, (_, frame) => ({
      scene,
      seconds: from + frame / clip.framesPerSecond,
      frame,
    })),
  );
  let next: Promise<Uint8Array> | undefined;
  for (const [index, request] of requests.entries()) {
    const bytes = next ?? painter.paint(request);
    const following = requests[index + 1];
    next = following && painter.paint(following);
    // Awaited in the next round; a failure there must not count as unhandled until then.
    next?.catch(() => {});
    yield await bytes;
    onFrame?.();
  }
}

function* ambiences(clip: DemoClip): Generator<Uint8Array> {
  for (const { scene, from, seconds } of clip.shots) yield pcmOf(ambience(scene, from, seconds));
}
