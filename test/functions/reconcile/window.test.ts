import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grant, type Queue } from '../../../functions/reconcile/window.ts';

const total = (granted: Map<string, number>) => [...granted.values()].reduce((sum, n) => sum + n, 0);

describe('the window of a stage', () => {
  it('is shared fairly between jobs, whoever asked for more', () => {
    const queues = [
      { job: 'huge', open: 0, asked: 0, waiting: 120 },
      { job: 'small', open: 0, asked: 0, waiting: 3 },
      { job: 'late', open: 0, asked: 0, waiting: 40 },
    ];
    expect([...grant(queues, 8)]).toEqual([
      ['huge', 3],
      ['small', 3],
      ['late', 2],
    ]);
  });

  it('gives a newcomer its share before a job that already has its own', () => {
    expect(
      grant(
        [
          { job: 'first', open: 3, asked: 3, waiting: 50 },
          { job: 'second', open: 0, asked: 0, waiting: 50 },
        ],
        4,
      ).get('second'),
    ).toBe(1);
  });

  it('lets all jobs that wait go equally fast, whatever its size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 12 }), (jobs, size) => {
        const queues = Array.from({ length: jobs }, (_, i) => ({ job: `${i}`, open: 0, asked: 0, waiting: 1000 }));
        const broker: Queue[] = [];
        const finished = new Map(queues.map(({ job }) => [job, 0]));
        for (let work = 0; work < 200; work += 1) {
          for (const [job, count] of grant(queues, size)) {
            const queue = queues.find((each) => each.job === job) as Queue;
            queue.open += count;
            queue.asked += count;
            queue.waiting -= count;
            broker.push(...Array.from({ length: count }, () => queue));
          }
          const next = broker.shift() as Queue;
          next.open -= 1;
          finished.set(next.job, (finished.get(next.job) ?? 0) + 1);
          const counts = [...finished.values()];
          // What is in the window may be finished for one job already and not yet for another.
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(Math.ceil(size / jobs) + 1);
        }
      }),
    );
  });

  it('is never overfilled, never left empty while somebody waits, and gives nobody more than was asked', () => {
    const queue = fc.record({ job: fc.uuid(), open: fc.nat(20), asked: fc.nat(200), waiting: fc.nat(50) });
    fc.assert(
      fc.property(
        fc.uniqueArray(queue, { selector: ({ job }) => job, maxLength: 8 }),
        fc.nat(30),
        (queues: Queue[], size) => {
          const granted = grant(queues, size);
          const free = Math.max(0, size - queues.reduce((sum, { open }) => sum + open, 0));
          const waiting = queues.reduce((sum, each) => sum + each.waiting, 0);
          expect(total(granted)).toBe(Math.min(free, waiting));
          for (const { job, waiting: wanted } of queues) expect(granted.get(job)).toBeLessThanOrEqual(wanted);
        },
      ),
    );
  });
});
