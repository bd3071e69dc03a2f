import { describe, expect, it } from 'vitest';
import { integratedLoudness, LoudnessMeter } from '../../../functions/analyze-music/loudness.ts';

/** Interleaved stereo of a sine in both channels. */
function tone(rate: number, seconds: number, hertz: number, dbfs: number): Float32Array {
  const amplitude = 10 ** (dbfs / 20);
  return Float32Array.from(
    { length: rate * seconds * 2 },
    (_, n) => amplitude * Math.sin((2 * Math.PI * hertz * Math.floor(n / 2)) / rate),
  );
}

function loudnessOf(rate: number, ...parts: Float32Array[]): number | null {
  const meter = new LoudnessMeter(rate);
  for (const part of parts) meter.push(part);
  return integratedLoudness(meter.hops());
}

describe('integrated loudness', () => {
  // EBU Tech 3341, case 1: a stereo sine of 1 kHz at −23 dBFS reads −23 LUFS, within 0.1 LU.
  it.each([44_100, 48_000])('of the reference tone is −23 LUFS at %i Hz', (rate) => {
    expect(loudnessOf(rate, tone(rate, 20, 1000, -23))).toBeCloseTo(-23, 1);
  });

  // EBU Tech 3341, case 3: what is more than 10 LU below the rest doesn't count.
  it('leaves quiet passages out by the relative gate', () => {
    const [quiet, loud] = [tone(48_000, 10, 1000, -36), tone(48_000, 60, 1000, -23)];
    expect(Math.abs((loudnessOf(48_000, quiet, loud, quiet) ?? 0) + 23)).toBeLessThan(0.1);
  });

  it('of what is below −70 LUFS is none', () => {
    expect(loudnessOf(44_100, tone(44_100, 5, 1000, -75))).toBeNull();
  });

  it('counts a low tone for less than one in the middle of hearing', () => {
    expect(loudnessOf(44_100, tone(44_100, 5, 30, -20))).toBeLessThan(
      (loudnessOf(44_100, tone(44_100, 5, 1000, -20)) ?? 0) - 3,
    );
  });
});
