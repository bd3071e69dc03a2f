import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Burst, forCloud } from '../../../functions/reconcile/burst.ts';

/** One Jetson that takes a minute a chunk and has as much before it as it can begin, a cloud of four pods, and a month that has just begun. */
const now: Burst = {
  waiting: 100,
  own: { capacity: 1, open: 2, secondsEach: 60 },
  cloud: { capacity: 4, open: 0, secondsEach: 10 },
  afterSeconds: 30 * 60,
  spent: { times: 0, seconds: 0 },
  mostSeconds: 3600,
};

/** As many tries as chunks of ten seconds take for it. */
const spent = (seconds: number) => ({ times: seconds / 10, seconds });

describe('what a cloud’s GPUs are asked for', () => {
  it.each<[string, Partial<Burst>, number]>([
    ['nothing while the own ones are done with all of it in time', { waiting: 28 }, 0],
    ['what they would be late with', { waiting: 31 }, 3],
    ['no more at once than its pods have before them', {}, 8],
    ['what there is room for beside what they have', { cloud: { ...now.cloud, open: 5 } }, 3],
    ['nothing where there is no cloud', { cloud: { ...now.cloud, capacity: 0 } }, 0],
    ['nothing while nobody knows how long the own ones take', { own: { ...now.own, secondsEach: null } }, 0],
    ['what the rest of the month pays for, as if a GPU there took as long', { spent: spent(3475) }, 2],
    ['what it pays for beside what is open', { spent: spent(3400), cloud: { ...now.cloud, open: 2 } }, 1],
    [
      'what it pays for if a GPU there takes as long, as long as none was measured',
      { mostSeconds: 240, cloud: { ...now.cloud, secondsEach: null } },
      4,
    ],
    [
      'what it pays for if one there takes longer, by what was made',
      { spent: spent(3420), cloud: { ...now.cloud, secondsEach: 90 } },
      2,
    ],
    ['what it pays for if one there takes longer, by what was tried', { spent: { times: 38, seconds: 3420 } }, 2],
    ['no more of it because much broke off at once', { spent: { times: 10_000, seconds: 3475 } }, 2],
    ['nothing once the month is used up', { spent: spent(3600) }, 0],
    ['nothing in a month that was overdrawn', { spent: spent(9999) }, 0],
    [
      'not what the own ones can begin, however slow they are',
      { waiting: 3, own: { capacity: 1, open: 0, secondsEach: 1000 } },
      1,
    ],
    ['more the sooner it has to be done', { waiting: 20, afterSeconds: 17 * 60 }, 5],
    [
      'nothing of a queue that two own GPUs get through',
      { waiting: 50, own: { capacity: 2, open: 4, secondsEach: 60 } },
      0,
    ],
  ])('is %s', (_, change, chunks) => {
    expect(forCloud({ ...now, ...change })).toBe(chunks);
  });

  const pool = fc.record({
    capacity: fc.integer({ min: 1, max: 8 }),
    open: fc.nat(16),
    secondsEach: fc.double({ min: 0.1, max: 600, noNaN: true }),
  });
  it('never costs more than the month has left, however many tries broke off, and leaves no own GPU without work', () => {
    const burst = fc.record({
      waiting: fc.nat(500),
      own: pool,
      afterSeconds: fc.integer({ min: 1, max: 7200 }),
      mostSeconds: fc.nat(100_000),
      cloud: fc.record({ capacity: fc.integer({ min: 1, max: 8 }), open: fc.nat(16) }),
      takes: fc.double({ min: 0.1, max: 600, noNaN: true }),
      finished: fc.nat(100),
      brokenOff: fc.nat(1000),
    });
    fc.assert(
      fc.property(burst, ({ takes, finished, brokenOff, ...each }) => {
        const { waiting, own, mostSeconds } = each;
        const cloud = { ...each.cloud, secondsEach: finished > 0 ? takes : null };
        const seconds = finished * takes + brokenOff * 0.01;
        const chunks = forCloud({ ...each, cloud, spent: { times: finished + brokenOff, seconds } });
        expect(chunks).toBeGreaterThanOrEqual(0);
        expect(waiting - chunks).toBeGreaterThanOrEqual(Math.min(waiting, 2 * own.capacity - own.open));
        // Before one was made there nobody knows that it takes longer than here.
        const costs = finished > 0 ? takes : Math.min(takes, own.secondsEach);
        if (chunks > 0) expect((cloud.open + chunks) * costs + seconds).toBeLessThanOrEqual(mostSeconds + 1e-6);
      }),
      { numRuns: 1000 },
    );
  });
});
