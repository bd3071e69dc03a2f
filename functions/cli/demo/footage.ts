import { mkdir, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startFfmpeg } from '../../../shared/media/ffmpeg.ts';
import { ambience } from './ambience.ts';
import { SONG_RATE } from './instruments.ts';
import { Painter } from './painter.ts';
import type { SceneName } from './scenes/all.ts';
import { HEIGHT, WIDTH } from './scenes/picture.ts';
import { pcmOf } from './wav.ts';

interface DemoShot {
  scene: SceneName;
  /** Where in the scene it begins, in whole seconds. */
  from: number;
  seconds: number;
}

interface DemoClip {
  name: string;
  framesPerSecond: 25 | 30;
  shots: readonly DemoShot[];
}

const CLIPS: readonly DemoClip[] = [
  { name: 'sunset', framesPerSecond: 25, shots: [{ scene: 'sea', from: 0, seconds: 7 }] },
  { name: 'ridges', framesPerSecond: 25, shots: [{ scene: 'mountains', from: 0, seconds: 6 }] },
  {
    name: 'night-out',
    framesPerSecond: 25,
    shots: [
      { scene: 'city', from: 0, seconds: 4 },
      { scene: 'fireworks', from: 0, seconds: 3 },
    ],
  },
  { name: 'rain', framesPerSecond: 30, shots: [{ scene: 'rain', from: 0, seconds: 6 }] },
  { name: 'aurora', framesPerSecond: 25, shots: [{ scene: 'aurora', from: 0, seconds: 7 }] },
  { name: 'tunnel', framesPerSecond: 25, shots: [{ scene: 'tunnel', from: 0, seconds: 6 }] },
  { name: 'bounce', framesPerSecond: 30, shots: [{ scene: 'bounce', from: 0, seconds: 6 }] },
  {
    name: 'finale',
    framesPerSecond: 25,
    shots: [
      { scene: 'fireworks', from: 3, seconds: 3 },
      { scene: 'city', from: 9, seconds: 3 },
    ],
  },
];

const TIME_LIMIT_SECONDS = 120;

export interface MakeOptions {
  signal?: AbortSignal | undefined;
  /** Called with the share that is done, 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
}

/**
 * Paints the demo's clips into a folder, as many at once as there are processors: 1280×720, H.264 with sound, the same bytes each
 * time with the same ffmpeg. Each file appears whole or not at all.
 *
 * @returns the clips' paths, in the order of `CLIPS`.
 */
export async function makeDemoFootage(folder: string, options: MakeOptions = {}): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  const total = CLIPS.reduce((sum, clip) => sum + framesOf(clip), 0);
  let painted = 0;
  const onFrame = () => options.onProgress?.(++painted / total);
  const queue = [...CLIPS];
  const work = async () => {
    const painter = new Painter();
    try {
      for (let clip = queue.shift(); clip; clip = queue.shift()) await makeClip(clip, folder, painter, signal, onFrame);
    } catch (error) {
      // Without one clip there is no demo: the others needn't be finished.
      failure.abort(error);
      throw error;
    } finally {
      await painter.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
  return CLIPS.map(({ name }) => join(folder, `${name}.mp4`));
}

async function makeClip(
  clip: DemoClip,
  folder: string,
  painter: Painter,
  signal: AbortSignal,
  onFrame: () => void,
): Promise<void> {
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
    await rename(unfinished, join(folder, `${clip.name}.mp4`));
  } finally {
    await rm(unfinished, { force: true });
  }
}

function encoding({ framesPerSecond }: DemoClip): string[] {
  return [
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${WIDTH}x${HEIGHT}`, '-r', `${framesPerSecond}`, '-i', 'pipe:3'],
    ...['-f', 's16le', '-ar', `${SONG_RATE}`, '-ac', '2', '-i', 'pipe:4'],
    ...['-vf', 'scale=1280:720:flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuv420p'],
    ...['-c:v', 'libx264', '-preset', 'superfast', '-crf', '20', '-threads', '1', '-g', '50'],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    ...['-c:a', 'aac', '-b:a', '128k', '-shortest'],
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact', '-movflags', '+faststart', '-f', 'mp4'],
  ];
}

function framesOf({ shots, framesPerSecond }: DemoClip): number {
  return shots.reduce((sum, { seconds }) => sum + seconds * framesPerSecond, 0);
}

/** The clip's pictures in order; the next one is asked for before the last one is taken, so that the painter never waits. */
async function* paintings(clip: DemoClip, painter: Painter, onFrame: () => void): AsyncGenerator<Uint8Array> {
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
    onFrame();
  }
}

function* ambiences(clip: DemoClip): Generator<Uint8Array> {
  for (const { scene, from, seconds } of clip.shots) yield pcmOf(ambience(scene, from, seconds));
}
