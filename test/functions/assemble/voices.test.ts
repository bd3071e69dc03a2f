import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleAt } from '../../../functions/assemble/pcm.ts';
import { voicesOf } from '../../../functions/assemble/voices.ts';
import { framesPerSecond, STANDARD_RATES } from '../../../shared/frame-rate.ts';
import { timelineOf } from './material.ts';

const TEN_MS = 480;
const cuts = fc.array(
  fc.record({
    frames: fc.integer({ min: 12, max: 90 }),
    sourceFrame: fc.integer({ min: 0, max: 200 }),
    slow: fc.constantFrom(1, 0.8, 0.5),
    dissolve: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('the voices of a timeline', () => {
  it('follow one another without a hole, cross over as long as one fades, and end with the picture', () => {
    fc.assert(
      fc.property(cuts, fc.constantFrom(...STANDARD_RATES), (given, rate) => {
        const timeline = timelineOf({
          rate,
          cuts: given.map(({ frames, sourceFrame, slow, dissolve }, i) => ({
            frames,
            sourceFrame,
            sourceFrames: Math.max(1, Math.round(frames * slow)),
            transition: dissolve && i > 0 ? { kind: 'crossfade', inFrames: 5, outFrames: 6 } : null,
          })),
        });
        const end = sampleAt(timeline.frames, rate);
        const voices = voicesOf(timeline);
        expect(voices.length).toBe(given.length);
        voices.forEach((voice, i) => {
          const cut = timeline.cuts[i];
          const before = voices[i - 1];
          if (before) {
            expect(voice.at).toBeLessThanOrEqual(sampleAt(cut?.frame ?? 0, rate));
            expect(before.at + before.samples).toBe(Math.min(end, voice.at + voice.fadeInSamples));
          }
          expect(voice.at + voice.samples).toBeLessThanOrEqual(end);
          expect(voice.startSeconds).toBeGreaterThanOrEqual(0);
          // What is heard at the cut's first frame is what is seen there.
          const atCut = voice.startSeconds + ((sampleAt(cut?.frame ?? 0, rate) - voice.at) / 48_000) * voice.tempo;
          expect(atCut).toBeCloseTo((cut?.sourceFrame ?? 0) / framesPerSecond(rate), 4);
        });
        const last = voices.at(-1);
        expect((last?.at ?? 0) + (last?.samples ?? 0)).toBe(end);
        expect(last?.fadeOutSamples).toBe(TEN_MS);
      }),
    );
  });

  it('are none for clips without sound', () => {
    const timeline = timelineOf({
      sources: [{ hasAudio: false }, {}],
      cuts: [{ frames: 25 }, { frames: 25, source: 1 }, { frames: 25 }],
    });
    const [only, ...others] = voicesOf(timeline);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ at: 48_000, samples: 48_000 + TEN_MS, fadeInSamples: TEN_MS, fadeOutSamples: TEN_MS });
  });
});
