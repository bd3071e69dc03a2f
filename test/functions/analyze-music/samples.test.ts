import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rejectionOf, SAMPLE_RATE, stereoSamples } from '../../../functions/analyze-music/samples.ts';
import { SONG_RATE, silence } from '../../../shared/demo/instruments.ts';
import { wavOf } from '../../../shared/demo/wav.ts';
import { FfmpegError, ffmpeg, input } from '../../../shared/media/ffmpeg.ts';

const CLICK_SECONDS = 1.5;
let folder: string;
let wav: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-samples-'));
  wav = join(folder, 'click.wav');
  const sound = silence(3);
  for (let n = 0; n < 400; n++) {
    const sample = 0.8 * Math.sin(n * 0.4) * Math.exp(-n / 120);
    sound.left[CLICK_SECONDS * SONG_RATE + n] = sample;
    sound.right[CLICK_SECONDS * SONG_RATE + n] = sample / 2;
  }
  await writeFile(wav, wavOf(sound));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function decode(path: string): Promise<{ left: Float32Array; right: Float32Array }> {
  const values: number[] = [];
  for await (const block of stereoSamples(path)) for (const value of block) values.push(value);
  return {
    left: Float32Array.from(values.filter((_, n) => n % 2 === 0)),
    right: Float32Array.from(values.filter((_, n) => n % 2 === 1)),
  };
}

/** When the sound first gets louder than half its peak. */
function attackSeconds(samples: Float32Array): number {
  const half = samples.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0) / 2;
  return samples.findIndex((value) => Math.abs(value) > half) / SAMPLE_RATE;
}

describe('decoded samples', () => {
  it.each([
    ['wav', []],
    ['flac', ['-c:a', 'flac']],
    ['mp3', ['-c:a', 'libmp3lame', '-b:a', '192k']],
    ['m4a', ['-c:a', 'aac', '-b:a', '192k']],
    ['ogg', ['-c:a', 'libvorbis', '-b:a', '160k']],
    ['opus', ['-c:a', 'libopus', '-b:a', '128k', '-f', 'ogg']],
  ])('of %s are where they were before encoding, within 2 ms', async (extension, codec) => {
    const path = extension === 'wav' ? wav : join(folder, `click.${extension}`);
    if (path !== wav) await ffmpeg([...input(wav), ...codec, path], { timeLimitSeconds: 60 });
    const { left } = await decode(path);
    expect(Math.abs(attackSeconds(left) - CLICK_SECONDS)).toBeLessThan(0.002);
  });

  it('keep left and right apart', async () => {
    const { left, right } = await decode(wav);
    const at = Math.round(attackSeconds(left) * SAMPLE_RATE);
    expect((right[at] as number) / (left[at] as number)).toBeCloseTo(0.5, 2);
  });

  it('of a stream that starts later than the picture beside it begin with silence', async () => {
    const path = join(folder, 'late.mp4');
    await ffmpeg(
      [
        ...['-f', 'lavfi', '-i', 'color=s=64x36:r=25:d=4', '-itsoffset', '0.75', ...input(wav)],
        ...[
          '-map',
          '0:v',
          '-map',
          '1:a',
          '-c:v',
          'libx264',
          '-preset',
          'ultrafast',
          '-c:a',
          'aac',
          '-b:a',
          '192k',
          path,
        ],
      ],
      { timeLimitSeconds: 60 },
    );
    const { left } = await decode(path);
    expect(Math.abs(attackSeconds(left) - CLICK_SECONDS - 0.75)).toBeLessThan(0.005);
  });

  it('stop coming when nobody wants more of them', async () => {
    let blocks = 0;
    for await (const block of stereoSamples(wav)) {
      expect(block.length).toBeGreaterThan(0);
      if (++blocks === 1) break;
    }
    expect(blocks).toBe(1);
  });

  it('end with the reason of the signal that stops them', async () => {
    const reason = new Error('The job was cancelled');
    await expect(decodeWith(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

async function decodeWith(signal: AbortSignal): Promise<void> {
  for await (const block of stereoSamples(wav, { signal })) expect(block).toBeDefined();
}

describe('a failure to decode', () => {
  const failed = (line: string) => new FfmpegError(`ffmpeg ended with exit code 1: ${line}`, [line]);

  it('is the file’s own fault when its bytes make no sense', () => {
    expect(rejectionOf(failed('file:x: Invalid data found when processing input'))).toMatch(/damaged.*export it again/);
  });

  it('is no rejection when it may pass, or comes from elsewhere', () => {
    expect(rejectionOf(failed('http://127.0.0.1:4242/x: Connection refused'))).toBeNull();
    expect(rejectionOf(new FfmpegError('ffmpeg was stopped after 540 s', []))).toBeNull();
    expect(rejectionOf(new Error('anything else'))).toBeNull();
  });
});
