import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pictureAt } from '../../../functions/render/timing.ts';
import { nearestFrame, STANDARD_RATES, secondsAt } from '../../../shared/frame-rate.ts';

const rate = fc.constantFrom(...STANDARD_RATES, '25/2', '10/1', '23981/1000');
const start = fc.integer({ min: 0, max: 2_000_000 });

describe('which picture a frame shows', () => {
  it('is the picture itself at equal rates and normal speed, ten hours into a clip too', () => {
    fc.assert(
      fc.property(rate, start, fc.integer({ min: 1, max: 500 }), (same, sourceFrame, frames) => {
        const piece = { sourceFrame, sourceFrames: frames, frames };
        expect(pictureAt(0, piece, same, same)).toBe(sourceFrame);
        expect(pictureAt(frames - 1, piece, same, same)).toBe(sourceFrame + frames - 1);
      }),
    );
  });

  it('is never a picture of the shot before when the piece starts at the frame nearest to a shot', () => {
    fc.assert(
      fc.property(rate, rate, start, (clipRate, outRate, picture) => {
        // Where a picture falls between two frames exactly, floating point decides for either.
        const place = secondsAt(picture, clipRate) / secondsAt(1, outRate);
        fc.pre(Math.abs((place % 1) - 0.5) > 1e-6);
        const sourceFrame = nearestFrame(secondsAt(picture, clipRate), outRate);
        const piece = { sourceFrame, sourceFrames: 10, frames: 10 };
        expect(pictureAt(0, piece, clipRate, outRate)).toBeGreaterThanOrEqual(picture);
        if (sourceFrame > 0) {
          const before = { ...piece, sourceFrame: sourceFrame - 1 };
          expect(pictureAt(0, before, clipRate, outRate)).toBeLessThan(picture);
        }
      }),
    );
  });

  it('moves on evenly in slow motion and never back', () => {
    fc.assert(
      fc.property(
        rate,
        rate,
        start,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 200 }),
        (clipRate, outRate, sourceFrame, sourceFrames, more) => {
          const frames = sourceFrames + more;
          const piece = { sourceFrame, sourceFrames, frames };
          const perFrame = (secondsAt(1, outRate) / secondsAt(1, clipRate)) * (sourceFrames / frames);
          const first = sourceFrame * (secondsAt(1, outRate) / secondsAt(1, clipRate));
          let last = 0;
          for (let frame = 0; frame < frames; frame++) {
            const shown = pictureAt(frame, piece, clipRate, outRate);
            expect(shown).toBeGreaterThanOrEqual(last);
            // Within one picture, or half a frame, of where even motion would be.
            expect(Math.abs(shown - (first + frame * perFrame))).toBeLessThanOrEqual(1 + perFrame / 2 + 1e-6);
            last = shown;
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
