import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Burst, forCloud } from '../../../functions/reconcile/burst.ts';

/** One Jetson that takes a minute a chunk and has as much before it as it can begin, a cloud of four pods, and a month that has just begun. */
const now: Burst = {
  waiting: 100,
  own: { capacity: 1, open: 2, secondsEach: 60 },
  cloud: { capacity: 4, open: 0, secondsEach: 10 },
  afterSeconds: 30 * 60,
  spentSeconds: 0,
  mostSeconds: 3600,
};

describe('what a cloud’s GPUs are asked for', () => {
  it.each<[string, Partial<Burst>, number]>([
    ['nothing while the own ones are done with all of it in time', { waiting: 28 }, 0],
    ['what they would be late with', { waiting: 31 }, 3],
    ['no more at once than its pods have before them', {}, 8],
    ['what there is room for beside what they have', { cloud: { ...now.cloud, open: 5 } }, 3],
    ['nothing where there is no cloud', { cloud: { ...now.cloud, capacity: 0 } }, 0],
    ['nothing while nobody knows how long the own ones take', { own: { ...now.own, secondsEach: null } }, 0],
    ['what the rest of the month pays for', { spentSeconds: 3575 }, 2],
    ['what it pays for beside what is open', { spentSeconds: 3570, cloud: { ...now.cloud, open: 2 } }, 1],
    [
      'what it pays for if a GPU there takes as long, as long as none was measured',
      { mostSeconds: 240, cloud: { ...now.cloud, secondsEach: null } },
      4,
    ],
    ['nothing once the month is used up', { spentSeconds: 3600 }, 0],
    ['nothing in a month that was overdrawn', { spentSeconds: 9999 }, 0],
    [
      'not what the own ones can begin, however slow they are',
      { waiting: 3, own: { capacity: 1, open: 0, secondsEach: 4000 } },
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

  it('never costs more than the month has left, and never leaves an own GPU without work', () => {
    const pool = fc.record({
      capacity: fc.integer({ min: 1, max: 8 }),
      open: fc.nat(16),
      secondsEach: fc.double({ min: 0.1, max: 600, noNaN: true }),
    });
    const burst = fc.record({
      waiting: fc.nat(500),
      own: pool,
      cloud: pool,
      afterSeconds: fc.integer({ min: 1, max: 7200 }),
      spentSeconds: fc.nat(100_000),
      mostSeconds: fc.nat(100_000),
    });
    fc.assert(
      fc.property(burst, (each) => {
        const { waiting, own, cloud, spentSeconds, mostSeconds } = each;
        const chunks = forCloud(each);
        expect(chunks).toBeGreaterThanOrEqual(0);
        expect(waiting - chunks).toBeGreaterThanOrEqual(Math.min(waiting, 2 * own.capacity - own.open));
        if (chunks > 0)
          expect((cloud.open + chunks) * cloud.secondsEach + spentSeconds).toBeLessThanOrEqual(mostSeconds);
      }),
    );
  });
});
