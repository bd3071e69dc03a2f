import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framesPerSecond, STANDARD_RATES } from '../../../shared/frame-rate.ts';
import { measuredRates, nominalRate } from '../../../shared/media/nominal-rate.ts';

const rateOf = (base: number, average: number, interlaced = false) => nominalRate({ base, average, interlaced });

describe('the nominal rate of a clip', () => {
  it('is the exact standard rate when both numbers of ffprobe agree', () => {
    expect(rateOf(30000 / 1001, 29.97)).toEqual({ frameRate: '30000/1001', isVariable: false });
    expect(rateOf(24, 24.02)).toEqual({ frameRate: '24/1', isVariable: false });
  });

  it('of a phone clip that dropped pictures is the rate it dropped them from', () => {
    expect(rateOf(30, 27.3)).toEqual({ frameRate: '30/1', isVariable: true });
  });

  it('is the next standard rate above the average when the base is only a clock', () => {
    expect(rateOf(90000, 28.4)).toEqual({ frameRate: '30000/1001', isVariable: true });
    expect(rateOf(120, 29.4)).toEqual({ frameRate: '30000/1001', isVariable: true });
  });

  it('counts frames and not fields of interlaced film', () => {
    expect(rateOf(50, 25, true)).toEqual({ frameRate: '25/1', isVariable: false });
  });

  it('is unknown when no number makes sense', () => {
    expect(rateOf(1000, 1000)).toBeNull();
    expect(rateOf(0, 0)).toBeNull();
  });

  it('is found again from the times of pictures at any standard rate, rounded to milliseconds and shuffled', () => {
    const cases = fc.record({ rate: fc.constantFrom(...STANDARD_RATES), count: fc.integer({ min: 60, max: 300 }) });
    fc.assert(
      fc.property(cases, ({ rate, count }) => {
        const times = Array.from({ length: count }, (_, n) => Math.round((n / framesPerSecond(rate)) * 1000) / 1000);
        const { average } = measuredRates([...times].reverse());
        expect(Math.abs(average / framesPerSecond(rate) - 1)).toBeLessThan(0.002);
      }),
    );
  });
});
