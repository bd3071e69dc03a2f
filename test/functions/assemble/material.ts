import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameRate } from '../../../shared/frame-rate.ts';
import { ffmpeg, input, startFfmpeg } from '../../../shared/media/ffmpeg.ts';
import { type Cut, type Source, type Timeline, TimelineSchema } from '../../../shared/timeline.ts';

export const WIDTH = 160;
export const HEIGHT = 96;
const BITS = 10;
const BLOCK = 16;
const LIMIT = { timeLimitSeconds: 60 };

/** Sound as interleaved stereo at 48 kHz, from a function of seconds. */
export function stereo(seconds: number, at: (t: number, channel: number) => number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * 48_000) * 2 }, (_, i) => at((i >> 1) / 48_000, i % 2));
}

/** A segment as render makes them, whose frames show the numbers `first`, `first + 1` … as rows of black and white blocks. */
export async function makeSegment(
  folder: string,
  {
    name,
    first,
    frames,
    rate,
    flash = [],
  }: { name: string; first: number; frames: number; rate: FrameRate; flash?: number[] },
): Promise<string> {
  const luma = WIDTH * HEIGHT;
  const pictures = new Uint8Array(frames * luma * 1.5).fill(128);
  for (let n = 0; n < frames; n++) {
    for (let pixel = 0; pixel < luma; pixel++) {
      const bit = Math.floor((pixel % WIDTH) / BLOCK);
      const isBit = Math.floor(pixel / WIDTH) < HEIGHT / 2;
      // Below the bits something moves, so that the encoder has a use for B-frames.
      const white = isBit ? ((first + n) >> bit) & 1 : flash.includes(first + n) ? 1 : 0;
      const moving = flash.length > 0 ? 0 : ((pixel % WIDTH) + 3 * n) % 96;
      pictures[n * luma * 1.5 + pixel] = white ? 235 : isBit ? 16 : 16 + moving;
    }
  }
  const raw = join(folder, `${name}.yuv`);
  await writeFile(raw, pictures);
  const path = join(folder, `${name}.mp4`);
  const source = input(raw, '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${WIDTH}x${HEIGHT}`, '-r', rate);
  const codec = ['-c:v', 'libx264', '-preset', 'medium', '-crf', '20', '-threads', '1', '-pix_fmt', 'yuv420p'];
  await ffmpeg(
    [...source, ...codec, '-video_track_timescale', String(Number(rate.split('/')[0]) * 512), '-bitexact', path],
    LIMIT,
  );
  return path;
}

async function collect(args: string[]): Promise<Buffer> {
  const running = await startFfmpeg(args, LIMIT);
  const chunks: Buffer[] = [];
  for await (const chunk of running.stdout) chunks.push(chunk as Buffer);
  await running.ended;
  return Buffer.concat(chunks);
}

/** The luma of each decoded frame, none dropped or doubled. */
export async function frames(path: string): Promise<Uint8Array[]> {
  const bytes = await collect([
    ...input(path),
    '-map',
    '0:v',
    '-vsync',
    '0',
    '-pix_fmt',
    'gray',
    '-f',
    'rawvideo',
    '-',
  ]);
  return Array.from({ length: bytes.length / (WIDTH * HEIGHT) }, (_, n) =>
    bytes.subarray(n * WIDTH * HEIGHT, (n + 1) * WIDTH * HEIGHT),
  );
}

/** The numbers that a film's decoded frames show. */
export async function numbers(path: string): Promise<number[]> {
  return (await frames(path)).map((luma) => {
    let number = 0;
    for (let bit = 0; bit < BITS; bit++) {
      if ((luma[10 * WIDTH + bit * BLOCK + BLOCK / 2] as number) > 128) number |= 1 << bit;
    }
    return number;
  });
}

/** All of a file's sound as a player decodes it, as interleaved stereo at 48 kHz. */
export async function samples(path: string): Promise<Float32Array> {
  const bytes = await collect([...input(path), '-map', '0:a:0', '-f', 'f32le', '-ar', '48000', '-ac', '2', '-']);
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** Root mean square of one channel from one time to another, both in seconds. */
export function rms(sound: Float32Array, from: number, to: number, channel = 0): number {
  let sum = 0;
  const first = Math.round(from * 48_000);
  const last = Math.round(to * 48_000);
  for (let n = first; n < last; n++) sum += (sound[2 * n + channel] as number) ** 2;
  return Math.sqrt(sum / (last - first));
}

/** Writes samples to a file in the format of its ending, after what ffmpeg options say. */
export async function writeSong(
  folder: string,
  name: string,
  sound: Float32Array,
  ...options: string[]
): Promise<string> {
  const raw = join(folder, `${name}.f32`);
  await writeFile(raw, new Uint8Array(sound.buffer));
  const path = join(folder, name);
  await ffmpeg([...input(raw, '-f', 'f32le', '-ar', '48000', '-ac', '2'), ...options, path], LIMIT);
  return path;
}

/** A clip with a grey picture and the given sound. */
export async function makeTalkingClip(
  folder: string,
  name: string,
  sound: Float32Array,
  {
    rate = '25/1',
    pictureDelaySeconds = 0,
    soundDelaySeconds = 0,
    options = [],
  }: { rate?: FrameRate; pictureDelaySeconds?: number; soundDelaySeconds?: number; options?: string[] } = {},
): Promise<string> {
  const raw = join(folder, `${name}.f32`);
  await writeFile(raw, new Uint8Array(sound.buffer));
  const grey = join(folder, `${name}.yuv`);
  const [numerator, denominator] = rate.split('/').map(Number) as [number, number];
  const count = Math.ceil(((sound.length / 2 / 48_000) * numerator) / denominator);
  await writeFile(grey, new Uint8Array(count * 16 * 16 * 1.5).fill(128));
  const path = join(folder, name);
  const delay = (seconds: number) => ['-itsoffset', String(seconds)];
  const picture = input(
    grey,
    ...delay(pictureDelaySeconds),
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-s',
    '16x16',
    '-r',
    rate,
  );
  const heard = input(raw, ...delay(soundDelaySeconds), '-f', 'f32le', '-ar', '48000', '-ac', '2');
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'pcm_s16le'];
  await ffmpeg([...picture, ...heard, '-map', '0:v', '-map', '1:a', ...codec, ...options, path], LIMIT);
  return path;
}

export type SoundTaste = Timeline['style']['sound'];

export interface CutGiven {
  frames: number;
  source?: number;
  sourceFrame?: number;
  sourceFrames?: number;
  transition?: Cut['transition'];
}

/** A timeline of the given cuts; all that doesn't matter to the assembly is filled in. */
export function timelineOf({
  rate = '25/1',
  cuts,
  sources = [{}],
  sound = {},
  music = {},
  title = 'Test',
}: {
  rate?: FrameRate;
  cuts: CutGiven[];
  sources?: Partial<Source>[];
  sound?: Partial<SoundTaste>;
  music?: Partial<Timeline['music']>;
  title?: string;
}): Timeline {
  let frame = 0;
  const grade = { look: 'none', intensity: 0, vignette: 0, grain: 0, sharpen: 0 };
  const placed = cuts.map((cut) => {
    const at = frame;
    frame += cut.frames;
    return {
      ...{ source: 0, sourceFrame: 0, sourceFrames: cut.frames, transition: null, ...cut },
      ...{ frame: at, grade, beat: null, reason: 'test', score: 1, alternatives: [] },
    };
  });
  return TimelineSchema.parse({
    ...{ title, frameRate: rate, width: WIDTH, height: HEIGHT, frames: frame, quality: 'preview', seed: 1 },
    style: {
      ...{ id: 'test', name: 'Test', description: 'Test', mood: 'test', arc: 'constant' },
      pacing: {
        ...{ speed: 'medium', beatsPerCut: null, variation: 'minimal', introBeats: 0, outroBeats: 0 },
        ...{ climax: 0, energyGain: 0, syncToBeats: true },
      },
      shots: {
        ...{ wide: 1, action: 1, symmetry: 1, freshness: 1, continuity: 1, matchCuts: 1, variety: 'medium' },
        ...{ minClipSeconds: 0.5, maxClipSeconds: 10, maxReuse: 2 },
      },
      transitions: { type: 'cut', seconds: 0, dipToBlack: 0, flash: 0, whipPan: 0 },
      look: { grade: 'none', intensity: 0, vignette: 0, grain: 0, sharpen: 0 },
      sound: { sourceAudio: 'mute', duckDb: 0, musicGainDb: 0, targetLufs: -14, truePeakDb: -1, ...sound },
    },
    sources: sources.map((source, i) => ({
      ...{ file: `clip-${i}.mov`, key: `set/clip-${i}.mov`, etag: String(i), durationSeconds: 60, frameRate: rate },
      ...{ width: WIDTH, height: HEIGHT, hasAudio: true, ...source },
    })),
    cuts: placed,
    music: {
      ...{
        file: 'song.wav',
        key: 'song.wav',
        etag: 'song',
        durationSeconds: 60,
        sourceFrame: 0,
        fadeOutFrames: 0,
        ...music,
      },
    },
    ...{ markers: [], notes: [], rejected: [] },
  });
}
