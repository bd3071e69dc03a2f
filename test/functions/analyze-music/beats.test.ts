import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trackBeats } from '../../../functions/analyze-music/beats.ts';
import { ONSET_RATE } from '../../../functions/analyze-music/onsets.ts';
import { tempoCurve } from '../../../functions/analyze-music/tempo.ts';
import { accuracy } from './accuracy.ts';

const SECONDS = 24;

/** An onset curve about zero mean, with a short bump of the given height at each time. */
function curveOf(hits: readonly { time: number; height: number }[]): Float32Array {
  const curve = new Float32Array(SECONDS * ONSET_RATE).fill(-0.15);
  for (const { time, height } of hits) {
    const frame = Math.round(time * ONSET_RATE);
    for (const [off, share] of [
      [-1, 0.5],
      [0, 1],
      [1, 0.5],
    ] as const) {
      if (frame + off >= 0 && frame + off < curve.length) {
        curve[frame + off] = (curve[frame + off] as number) + height * share;
      }
    }
  }
  return curve;
}

const everyBeat = (tempo: number, phase: number) =>
  Array.from({ length: Math.floor(((SECONDS - phase) * tempo) / 60) }, (_, n) => phase + (n * 60) / tempo);

describe('beat tracking', () => {
  it('finds a steady pulse of any tempo and phase, or its double or half', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 62, max: 185, noNaN: true }),
        fc.double({ min: 0, max: 0.4, noNaN: true }),
        (tempo, phase) => {
          const truth = everyBeat(tempo, phase);
          const onsets = curveOf(truth.map((time) => ({ time, height: 2 })));
          const beats = trackBeats(onsets, tempoCurve(onsets).perSecond).map((frame) => frame / ONSET_RATE);
          const between = truth.map((time) => time + 30 / tempo);
          const levels = [truth, truth.filter((_, n) => n % 2 === 0), truth.filter((_, n) => n % 2 === 1)];
          levels.push([...truth, ...between].sort((a, b) => a - b));
          expect(Math.max(...levels.map((level) => accuracy(beats, level).f))).toBeGreaterThan(0.93);
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });

  it('keeps its place through a passage that is only played between the beats', () => {
    const truth = everyBeat(120, 0.2);
    const hits = truth.map((time) => {
      const offBeatPassage = time > 8 && time < 15;
      return offBeatPassage ? { time: time + 0.25, height: 0.6 } : { time, height: 2 };
    });
    const beats = trackBeats(curveOf(hits), new Float32Array(SECONDS).fill(120)).map((frame) => frame / ONSET_RATE);
    expect(accuracy(beats, truth, 0.03).f).toBeGreaterThan(0.95);
  });

  it('gives frames that rise', () => {
    const noise = Float32Array.from({ length: 2000 }, (_, n) => Math.sin(n * n));
    const beats = trackBeats(noise, new Float32Array(20).fill(100));
    expect(beats.length).toBeGreaterThan(10);
    expect(beats.every((frame, n) => n === 0 || frame > (beats[n - 1] as number))).toBe(true);
  });
});
