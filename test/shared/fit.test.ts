import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitInto } from '../../shared/fit.ts';

const side = fc.integer({ min: 64, max: 8192 });
const frame = fc.constantFrom(
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
  { width: 1080, height: 1080 },
  { width: 640, height: 360 },
);

describe('how a picture goes into a frame', () => {
  it('never stretches it, never loses more than 30 % of it and never leaves the frame', () => {
    fc.assert(
      fc.property(side, side, frame, (width, height, into) => {
        const fit = fitInto({ width, height }, into);
        const kept = { width: width * fit.across, height: height * fit.down };
        const stretch = (kept.width * into.height) / (kept.height * into.width);
        expect(Math.abs(stretch - 1)).toBeLessThan(0.002);
        if (fit.kind === 'crop') expect(fit.across * fit.down).toBeGreaterThanOrEqual(0.7 - 1e-9);
        else {
          // Even sizes: one pixel off at most in either direction.
          const scale = Math.min(into.width / width, into.height / height);
          expect(Math.abs(fit.width - width * scale)).toBeLessThanOrEqual(2);
          expect(Math.abs(fit.height - height * scale)).toBeLessThanOrEqual(2);
          expect(fit.width <= into.width && fit.height <= into.height).toBe(true);
        }
      }),
    );
  });

  it('fills a wide frame with cinema and television shapes, and shows phone video whole', () => {
    const wide = { width: 1920, height: 1080 };
    expect(fitInto({ width: 1920, height: 1080 }, wide)).toEqual({ kind: 'crop', across: 1, down: 1 });
    expect(fitInto({ width: 1440, height: 1080 }, wide)).toEqual({ kind: 'crop', across: 1, down: 0.75 });
    expect(fitInto({ width: 2390, height: 1000 }, wide).kind).toBe('crop');
    expect(fitInto({ width: 1080, height: 1920 }, wide)).toMatchObject({ kind: 'whole', width: 608, height: 1080 });
    expect(fitInto({ width: 1920, height: 1080 }, { width: 1080, height: 1920 })).toMatchObject({
      kind: 'whole',
      width: 1080,
      height: 608,
    });
  });

  it('leaves a picture alone that is a pixel off the frame’s shape, and crops the padding of 1088 lines', () => {
    const wide = { width: 1920, height: 1080 };
    expect(fitInto({ width: 1921, height: 1080 }, wide)).toEqual({ kind: 'crop', across: 1, down: 1 });
    expect(fitInto({ width: 1920, height: 1088 }, wide)).toMatchObject({
      kind: 'crop',
      down: expect.closeTo(1080 / 1088, 6),
    });
  });
});
