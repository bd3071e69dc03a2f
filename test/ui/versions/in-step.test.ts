import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inStep } from '../../../functions/ui/page/versions/in-step.ts';

const frame = 1 / 25;

describe('two videos by one clock', () => {
  it('are left alone within half a frame, brought nearer by speed, and put in place from far', () => {
    expect(inStep(10, 10.019, frame)).toEqual({ seekTo: null, rate: 1 });
    expect(inStep(10, 9.9, frame)).toEqual({ seekTo: null, rate: expect.closeTo(1.1) });
    expect(inStep(10, 10.2, frame)).toEqual({ seekTo: null, rate: 0.85 });
    expect(inStep(10, 9, frame)).toEqual({ seekTo: 10, rate: 1 });
  });

  it('come together from anywhere, and stay', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (off) => {
        let [clock, other] = [20, 20 + off];
        for (let i = 0; i < 600; i += 1) {
          const { seekTo, rate } = inStep(clock, other, frame);
          other = seekTo ?? other;
          clock += 1 / 60;
          other += rate / 60;
        }
        expect(Math.abs(clock - other)).toBeLessThanOrEqual(frame / 2 + 1e-3);
      }),
    );
  });
});
