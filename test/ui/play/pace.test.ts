import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pace } from '../../../functions/ui/page/play/pace.ts';

const REFRESH = 1 / 60;

describe('the pace of a picture that is off', () => {
  it('brings it to its place within a second, and leaves it in peace there', () => {
    const order = fc.record({
      behind: fc.double({ min: -0.29, max: 0.29, noNaN: true }),
      usual: fc.constantFrom(0.8, 1, 2),
    });
    fc.assert(
      fc.property(order, ({ behind, usual }) => {
        let off = behind;
        let now: number = usual;
        for (let seconds = 0; seconds < 1; seconds += REFRESH) {
          now = pace(off, usual, now) ?? Number.NaN;
          off += (usual - now) * REFRESH;
        }
        expect(Math.abs(off)).toBeLessThan(0.008);
        expect(pace(off, usual, usual)).toBe(usual);
      }),
    );
  });

  it('is never more than half as fast again, or half as slow', () => {
    expect(pace(0.25, 1, 1)).toBeCloseTo(1.5, 9);
    expect(pace(-0.25, 0.8, 0.8)).toBeCloseTo(0.4, 9);
  });

  it('can’t bring back what is too far off', () => {
    expect([pace(0.31, 1, 1), pace(-0.31, 1, 1), pace(0.31, 2, 2)]).toEqual([null, null, expect.any(Number)]);
  });
});
