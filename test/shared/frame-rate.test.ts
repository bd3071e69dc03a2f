import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framesPerSecond, nearestFrame, rateFrom, STANDARD_RATES, secondsAt } from '../../shared/frame-rate.ts';

describe('frame rates', () => {
  it.each([
    [23.976, '24000/1001'],
    [24, '24/1'],
    [29.97, '30000/1001'],
    [29.98, '30000/1001'],
    [59.94005994, '60000/1001'],
    [12.5, '25/2'],
    [15, '15/1'],
    [29.5, '59/2'],
  ])('%d frames a second is %s', (measured, rate) => {
    expect(rateFrom(measured)).toBe(rate);
  });

  it('finds the nearest frame, never more than half of one away, however long the film', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STANDARD_RATES),
        fc.double({ min: 0, max: 100_000, noNaN: true }),
        (rate, seconds) => {
          const off = Math.abs(secondsAt(nearestFrame(seconds, rate), rate) - seconds) * framesPerSecond(rate);
          expect(off).toBeLessThanOrEqual(0.5 + 1e-6);
        },
      ),
    );
  });

  it('comes back to the same frame after ten hours', () => {
    for (const rate of STANDARD_RATES) expect(nearestFrame(secondsAt(2_000_000, rate), rate)).toBe(2_000_000);
  });
});
