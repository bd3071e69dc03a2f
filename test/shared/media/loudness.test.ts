import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, input } from '../../../shared/media/ffmpeg.ts';
import { LoudnessMeter } from '../../../shared/media/loudness.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-loudness-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Interleaved samples of `channels` channels; `at` is a function of seconds and channel. */
function sound(sampleRate: number, channels: number, seconds: number, at: (t: number, channel: number) => number) {
  return Float32Array.from({ length: Math.round(sampleRate * seconds) * channels }, (_, i) =>
    at(Math.floor(i / channels) / sampleRate, i % channels),
  );
}

const sine =
  (hertz: number, amplitude: number, phase = 0) =>
  (t: number) =>
    amplitude * Math.sin(2 * Math.PI * hertz * t + phase);

function noise(amplitude: number) {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (amplitude * state) / 2 ** 31;
  };
}

function measure(samples: Float32Array, sampleRate: number, channels: number, chunk = 4801) {
  const meter = new LoudnessMeter(sampleRate, channels);
  for (let i = 0; i < samples.length; i += chunk * channels) meter.push(samples.subarray(i, i + chunk * channels));
  return { integratedLufs: meter.integratedLufs(), truePeakDb: meter.truePeakDb() };
}

/** The same by ffmpeg's own meter. */
async function measureByFfmpeg(samples: Float32Array, sampleRate: number, channels: number) {
  const path = join(folder, 'sound.f32');
  await writeFile(path, new Uint8Array(samples.buffer));
  const source = input(path, '-f', 'f32le', '-ar', String(sampleRate), '-ac', String(channels));
  const { log } = await ffmpeg([...source, '-af', 'ebur128=peak=true', '-f', 'null', '-'], { timeLimitSeconds: 60 });
  const summary = log.slice(log.lastIndexOf('Summary:'));
  return {
    integratedLufs: Number(/I:\s*(\S+) LUFS/.exec(summary)?.[1]),
    truePeakDb: Number(/Peak:\s*(\S+) dBFS/.exec(summary)?.[1]),
  };
}

describe('the loudness meter', () => {
  it('reads a full-scale 997 Hz sine in one channel as −3.01 LUFS, as BS.1770 says', () => {
    const { integratedLufs } = measure(sound(48000, 1, 3, sine(997, 1)), 48000, 1);
    expect(integratedLufs).toBeCloseTo(-3.01, 1);
  });

  it.each([
    ['a tone at −23 dBFS', 48000, 2, (t: number) => sine(1000, 0.0708)(t)],
    ['a bass tone, which weighs less', 48000, 2, (t: number) => sine(50, 0.5)(t)],
    ['a treble tone at 44.1 kHz', 44100, 2, (t: number) => sine(7000, 0.3)(t)],
    ['noise in one of two channels', 48000, 2, (_t: number, c: number) => (c === 0 ? noise(0.4)() : 0)],
    ['loud and soft by turns, so that the gates matter', 48000, 1, (t: number) => sine(440, t % 4 < 2 ? 0.5 : 0.01)(t)],
    [
      '5.1, whose LFE counts for nothing',
      48000,
      6,
      (t: number, c: number) => sine(200 + 100 * c, c === 3 ? 0.9 : 0.1)(t),
    ],
  ])('agrees with ffmpeg within 0.1 LU on %s', async (_name, sampleRate, channels, at) => {
    const samples = sound(sampleRate, channels, 8, at);
    const own = measure(samples, sampleRate, channels);
    const reference = await measureByFfmpeg(samples, sampleRate, channels);
    expect(Math.abs(own.integratedLufs - reference.integratedLufs)).toBeLessThanOrEqual(0.1);
  });

  it('agrees with ffmpeg within 0.1 LU and 0.2 dB on noise', async () => {
    const random = noise(0.5);
    const samples = sound(48000, 2, 8, () => random());
    const own = measure(samples, 48000, 2);
    const reference = await measureByFfmpeg(samples, 48000, 2);
    expect(Math.abs(own.integratedLufs - reference.integratedLufs)).toBeLessThanOrEqual(0.1);
    expect(Math.abs(own.truePeakDb - reference.truePeakDb)).toBeLessThanOrEqual(0.2);
  });

  it('finds the peak between the samples of a tone at a quarter of the sample rate', () => {
    const samples = sound(48000, 1, 1, sine(12000, 1, Math.PI / 4));
    expect(Math.max(...samples.map(Math.abs))).toBeCloseTo(Math.SQRT1_2, 3);
    expect(
      measure(
        samples.map((s) => s * 0.5),
        48000,
        1,
      ).truePeakDb,
    ).toBeGreaterThan(-6.3);
  });

  it('counts a peak in the very last sample', () => {
    const samples = new Float32Array(48000);
    samples[47999] = 0.5;
    expect(measure(samples, 48000, 1).truePeakDb).toBeCloseTo(-6.02, 1);
  });

  it('gives the same to the last digit whatever the size of the pieces', () => {
    const random = noise(0.3);
    const samples = sound(48000, 2, 3, () => random());
    const whole = measure(samples, 48000, 2, 1e9);
    for (const size of [7, 1001, 4800]) expect(measure(samples, 48000, 2, size)).toEqual(whole);
  });

  it('reads silence as −Infinity', () => {
    expect(measure(new Float32Array(96000), 48000, 2)).toEqual({
      integratedLufs: Number.NEGATIVE_INFINITY,
      truePeakDb: Number.NEGATIVE_INFINITY,
    });
  });
});
