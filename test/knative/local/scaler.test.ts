import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capacityOf, expired, limitsOn, wantedInstances } from '../../../knative/local/scaler.ts';

const limits = fc
  .record({
    concurrency: fc.integer({ min: 1, max: 100 }),
    minScale: fc.integer({ min: 0, max: 5 }),
    maxScale: fc.integer({ min: 1, max: 20 }),
    retentionSeconds: fc.nat(100),
  })
  .map((given) => ({ ...given, minScale: Math.min(given.minScale, given.maxScale) }));
const load = fc.record({ inFlight: fc.nat(500), queued: fc.nat(500) });

describe('the number of instances', () => {
  it('is enough for all work or the most that is allowed, and never one more than needed', () => {
    fc.assert(
      fc.property(load, limits, (now, within) => {
        const wanted = wantedInstances(now, within);
        const work = now.inFlight + now.queued;
        expect(wanted).toBeGreaterThanOrEqual(within.minScale);
        expect(wanted).toBeLessThanOrEqual(within.maxScale);
        if (wanted < within.maxScale) expect(wanted * within.concurrency).toBeGreaterThanOrEqual(work);
        if (wanted > within.minScale) expect((wanted - 1) * within.concurrency).toBeLessThan(work);
      }),
    );
  });

  it('is zero without work', () => {
    expect(wantedInstances({ inFlight: 0, queued: 0 }, { concurrency: 1, minScale: 0, maxScale: 8 })).toBe(0);
  });

  it('is capped by the cores of the machine, and what can be worked on at once follows', () => {
    const two = limitsOn(2, { concurrency: 3, minScale: 0, maxScale: 8, retentionSeconds: 0 });
    expect(two.maxScale).toBe(2);
    expect(capacityOf(two)).toBe(6);
    expect(limitsOn(64, { concurrency: 3, minScale: 0, maxScale: 8, retentionSeconds: 0 }).maxScale).toBe(8);
  });
});

describe('idle instances', () => {
  it('end when they have been idle for long enough, those at work never', () => {
    expect(expired([null, 0, 5000, 9000], 10_000, 5, { minScale: 0, retentionSeconds: 0 })).toEqual([1, 2]);
  });

  it('end the longest idle first, and as many as the least scale stay', () => {
    expect(expired([3000, 1000, 2000], 60_000, 5, { minScale: 1, retentionSeconds: 0 })).toEqual([1, 2]);
    expect(expired([3000, null, 2000], 60_000, 5, { minScale: 3, retentionSeconds: 0 })).toEqual([]);
  });

  it('keep the last of all for as long as its service asks', () => {
    const kept = { minScale: 0, retentionSeconds: 60 };
    expect(expired([1000, 2000], 30_000, 5, kept)).toEqual([0]);
    expect(expired([2000], 30_000, 5, kept)).toEqual([]);
    expect(expired([2000], 62_000, 5, kept)).toEqual([0]);
    expect(expired([null, 2000], 30_000, 5, kept)).toEqual([1]);
  });
});
