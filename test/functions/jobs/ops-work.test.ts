import { describe, expect, it } from 'vitest';
import { failuresIn } from '../../../functions/jobs/ops-failures.ts';
import { workOf } from '../../../functions/jobs/ops-work.ts';
import { type Lease, type ObservedJob, observeJob } from '../../../shared/job.ts';
import type { ObjectInfo } from '../../../storage/store.ts';

const NOW = new Date('2026-11-27T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

/** A job of objects, each so many seconds old. */
function jobOf(ages: Record<string, number>, job = 'holiday-1') {
  const objects = Object.entries({ 'request.json': 1000, ...ages }).map(
    ([name, seconds]): ObjectInfo => ({
      bucket: 'jobs',
      key: `${job}/${name}`,
      etag: 'e',
      size: 1,
      lastModified: ago(seconds),
    }),
  );
  return { seen: observeJob(job, objects) as ObservedJob, objects };
}

const lease = (expiresIn: number, more: Partial<Lease> = {}): Lease => ({
  holder: 'pod-1',
  expiresAt: ago(-expiresIn).toISOString(),
  released: false,
  ...more,
});

describe('the work of a stage', () => {
  it.each([
    ['that was asked for and nobody is at', { [`r1/requests/render/${A}.1.json`]: 40 }, {}, 'render', 1, 40, 0],
    [
      'that somebody is at',
      { [`r1/requests/render/${A}.1.json`]: 40 },
      { [`render/${A}`]: lease(9) },
      'render',
      0,
      null,
      1,
    ],
    [
      'whose holder is gone',
      { [`r1/requests/render/${A}.1.json`]: 40 },
      { [`render/${A}`]: lease(-1) },
      'render',
      1,
      40,
      0,
    ],
    [
      'that was given back',
      { [`r1/requests/render/${A}.1.json`]: 40 },
      { [`render/${A}`]: lease(9, { released: true }) },
      'render',
      1,
      40,
      0,
    ],
    [
      'of which one piece is done',
      {
        [`r1/requests/render/${A}.1.json`]: 90,
        [`r1/requests/render/${B}.1.json`]: 50,
        [`r1/markers/render/${A}.json`]: 1,
      },
      {},
      'render',
      1,
      50,
      0,
    ],
    [
      'that was asked for again: it waits since then',
      { [`r1/requests/render/${A}.1.json`]: 90, [`r1/requests/render/${A}.2.json`]: 5 },
      {},
      'render',
      1,
      5,
      0,
    ],
    [
      'whose chunk is made larger',
      {
        [`r1/requests/upscale/${A}.1.json`]: 90,
        [`r1/requests/upscale/${B}.1.json`]: 50,
        [`r1/markers/upscale/${A}.json`]: 1,
      },
      {},
      'upscale',
      1,
      50,
      0,
    ],
    ['that is planned', { 'r1/requests/plan/timeline.1.json': 90, 'r1/timeline.otio': 1 }, {}, 'plan', 0, null, 0],
    [
      'that is planned anew for a change',
      { 'r1/timeline.otio': 90, 'r2/edit.json': 9, 'r2/requests/plan/timeline.1.json': 7 },
      { 'plan/holiday-1-r1': lease(9) },
      'plan',
      1,
      7,
      1,
    ],
    ['whose analysis is there', { 'r1/requests/analyze-footage/e1.1.json': 9 }, {}, 'analyze-footage', 0, null, 0],
    ['whose analysis is not', { 'r1/requests/analyze-footage/e2.1.json': 9 }, {}, 'analyze-footage', 1, 9, 0],
    [
      'whose clip is left out',
      { 'r1/requests/analyze-footage/e2.1.json': 9, 'r1/rejected/e2.json': 3 },
      {},
      'analyze-footage',
      0,
      null,
      0,
    ],
    ['that no job has asked for', {}, { 'analyze-music/e3': lease(9) }, 'analyze-music', 0, null, 1],
  ] as const)('%s', (_, objects, leases, stage, waiting, oldest, atWork) => {
    const work = workOf([jobOf(objects).seen], new Map(Object.entries(leases)), new Set(['analyze-footage/e1']), NOW);
    const of = work.find((each) => each.stage === stage);
    expect(of).toMatchObject({ waiting, oldestWaitingSeconds: oldest });
    expect(of?.atWork).toHaveLength(atWork);
  });

  it('is one piece for two jobs that wait for the same segment, since the first of them', () => {
    const open = [
      jobOf({ [`r1/requests/render/${A}.1.json`]: 4 }),
      jobOf({ [`r1/requests/render/${A}.1.json`]: 8 }, 'b'),
    ];
    const work = workOf(
      open.map(({ seen }) => seen),
      new Map(),
      new Set(),
      NOW,
    );
    expect(work.find(({ stage }) => stage === 'render')).toMatchObject({ waiting: 1, oldestWaitingSeconds: 8 });
  });
});

describe('a failure', () => {
  it.each([
    ['stands', { 'r1/failed-1.json': 9 }, ['open']],
    ['was retried', { 'r1/failed-1.json': 9, 'r1/retry-1.json': 5 }, ['retried']],
    ['came again', { 'r1/failed-1.json': 9, 'r1/retry-1.json': 5, 'r1/failed-2.json': 2 }, ['retried', 'open']],
    ['was cancelled', { 'r1/failed-1.json': 9, 'r1/cancelled.json': 5 }, ['past']],
    ['was changed away', { 'r1/failed-1.json': 9, 'r2/edit.json': 5 }, ['past']],
  ])('that %s', (_, objects, answers) => {
    expect(failuresIn(jobOf(objects)).map(({ answer }) => answer)).toEqual(answers);
  });
});
