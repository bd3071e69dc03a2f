import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FrameRate } from '../../shared/frame-rate.ts';
import { startFfmpeg } from '../../shared/media/ffmpeg.ts';

/** All sound of an assembly: 48 kHz stereo, interleaved 32-bit floats, full scale ±1. A frame of sound is one sample of each channel. */
export const SAMPLE_RATE = 48_000;
export const CHANNELS = 2;
const BYTES_A_FRAME = CHANNELS * Float32Array.BYTES_PER_ELEMENT;
const BLOCK_FRAMES = 16_384;
const DECODE_LIMIT_SECONDS = 540;

/** Options that tell ffmpeg what such a file holds, for `input`, or what it is to write. */
export const PCM_FORMAT = ['-f', 'f32le', '-ar', String(SAMPLE_RATE), '-ac', String(CHANNELS)];

/** A stretch of sound in blocks of any size. */
export type Sound = AsyncIterable<Float32Array>;

/** The sample at which picture frame `frame` starts. One rounding of an exact fraction, so that no error adds up. */
export function sampleAt(frame: number, rate: FrameRate): number {
  const [numerator, denominator] = rate.split('/').map(Number) as [number, number];
  return Math.round((frame * denominator * SAMPLE_RATE) / numerator);
}

/** What ffmpeg decodes by `args` (inputs and filters), as it comes. ffmpeg is ended when the consumer stops reading. */
export async function* decoded(args: readonly string[], signal?: AbortSignal): AsyncGenerator<Float32Array> {
  const enough = new AbortController();
  const running = await startFfmpeg(['-v', 'error', ...args, ...PCM_FORMAT, 'pipe:1'], {
    timeLimitSeconds: DECODE_LIMIT_SECONDS,
    signal: signal ? AbortSignal.any([signal, enough.signal]) : enough.signal,
  });
  try {
    yield* samplesOf(running.stdout);
    await running.ended;
  } finally {
    enough.abort();
  }
}

/** The sound in a file that `writeSound` wrote, in blocks of one size but for the last. */
export function readSound(path: string): AsyncGenerator<Float32Array> {
  return samplesOf(createReadStream(path, { highWaterMark: BLOCK_FRAMES * BYTES_A_FRAME }));
}

/** Writes sound to a file; resolves to the number of frames. */
export async function writeSound(path: string, sound: Sound): Promise<number> {
  let frames = 0;
  const file = await open(path, 'w');
  try {
    for await (const block of sound) {
      await file.write(new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
      frames += block.length / CHANNELS;
    }
  } finally {
    await file.close();
  }
  return frames;
}

/** The first `frames` frames of `sound`, with silence after it when it ends early. */
export async function* exactly(sound: Sound, frames: number): AsyncGenerator<Float32Array> {
  let left = frames;
  for await (const block of sound) {
    const taken = block.subarray(0, left * CHANNELS);
    left -= taken.length / CHANNELS;
    if (taken.length > 0) yield taken;
    if (left === 0) return;
  }
  for (; left > 0; left -= Math.min(left, BLOCK_FRAMES)) {
    yield new Float32Array(Math.min(left, BLOCK_FRAMES) * CHANNELS);
  }
}

async function* samplesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Float32Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const whole = all.length - (all.length % BYTES_A_FRAME);
    rest = all.subarray(whole);
    // Copied, because a Float32Array must start at a multiple of four bytes and pipes reuse their buffers.
    if (whole > 0) yield new Float32Array(new Uint8Array(all.subarray(0, whole)).buffer);
  }
}
