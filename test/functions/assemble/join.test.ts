import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatList } from '../../../functions/assemble/join.ts';
import { STANDARD_RATES, secondsAt } from '../../../shared/frame-rate.ts';

describe('the list of segments', () => {
  it('puts each segment within half a microsecond of its place, however many come before it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 500 }),
        fc.constantFrom(...STANDARD_RATES),
        (lengths, rate) => {
          const list = concatList(
            lengths.map((frames, i) => ({ name: `s${i}.mp4`, frames })),
            rate,
          );
          const microseconds = [...list.matchAll(/^duration (\d+)\.(\d{6})$/gm)].map((match) =>
            Number(`${match[1]}${match[2]}`),
          );
          expect(microseconds.length).toBe(lengths.length);
          let [frame, place] = [0, 0];
          lengths.forEach((frames, i) => {
            frame += frames;
            place += microseconds[i] as number;
            expect(Math.abs(place / 1e6 - secondsAt(frame, rate))).toBeLessThanOrEqual(0.51e-6);
          });
        },
      ),
    );
  });
});
