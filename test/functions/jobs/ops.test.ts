import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { recordDeadLetter } from '../../../functions/dead-letter/record.ts';
import { isLongEnded, spareSegments } from '../../../functions/jobs/clean.ts';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { API } from '../../../shared/api/operations.ts';
import { type Cleaned, CleanedSchema, type Ops, OpsSchema } from '../../../shared/api/ops.ts';
import { toOtio } from '../../../shared/exports/otio.ts';
import type { Delivery } from '../../../shared/hooks.ts';
import { type ObservedJob, observeJob } from '../../../shared/job.ts';
import { cacheKeys, hookKeys, outputKeys, QUOTAS_KEY, revisionKeys } from '../../../shared/keys.ts';
import { plannedSegments } from '../../../shared/planned-segments.ts';
import { segmentHash } from '../../../shared/segment-hash.ts';
import { segmentsOf } from '../../../shared/segments.ts';
import { UpscaleSchema } from '../../../shared/super-resolution.ts';
import { failJob } from '../../../storage/jobs.ts';
import { takeLease } from '../../../storage/lease.ts';
import type { ObjectInfo, Store } from '../../../storage/store.ts';
import { describeBothStores } from '../../storage/stores.ts';
import { planInputs, variedClips, wholeSong } from '../plan/analyses.ts';
import { ask } from './ask.ts';

const DAY_MS = 24 * 3600 * 1000;
const NOW = Date.UTC(2026, 10, 27);

/** Objects of a bucket, so many days old. */
const objectOf = (bucket: 'jobs' | 'cache', key: string, ageDays: number): ObjectInfo => ({
  bucket,
  key,
  etag: 'e',
  size: 1,
  lastModified: new Date(NOW - ageDays * DAY_MS),
});

describe('cleaning', () => {
  const HASHES = Array.from({ length: 12 }, (_, i) => i.toString(16).padStart(64, '0'));
  const ages = fc.double({ min: 0, max: 400, noNaN: true });

  it('never takes what an open job needs, nor what is younger, and everything else', () => {
    fc.assert(
      fc.property(
        fc.array(ages, { minLength: HASHES.length, maxLength: HASHES.length }),
        fc.subarray(HASHES),
        ages,
        (days, needed, olderThanDays) => {
          const segments = HASHES.map((hash, i) => objectOf('cache', cacheKeys.segment(hash), days[i] as number));
          const before = new Date(NOW - olderThanDays * DAY_MS);
          const keys = new Set(needed.map(cacheKeys.segment));
          const spare = spareSegments(segments, keys, before);
          const stay = segments.filter((segment) => !spare.includes(segment));
          expect(spare.some(({ key, lastModified }) => keys.has(key) || lastModified > before)).toBe(false);
          expect(stay.every(({ key, lastModified }) => keys.has(key) || lastModified > before)).toBe(true);
        },
      ),
    );
  });

  it('takes no job that has something left to do or that something has happened to since', () => {
    const names = [
      'r1/done.json',
      'r1/failed-1.json',
      'r1/retry-1.json',
      'r1/cancelled.json',
      'r2/edit.json',
      'r2/done.json',
    ];
    fc.assert(
      fc.property(
        fc.subarray(names),
        fc.array(ages, { minLength: 7, maxLength: 7 }),
        ages,
        (some, days, olderThanDays) => {
          const objects = ['request.json', ...some].map((name, i) => objectOf('jobs', `a/${name}`, days[i] as number));
          const seen = observeJob('a', objects) as ObservedJob;
          const before = new Date(NOW - olderThanDays * DAY_MS);
          const isOpen = some.includes('r2/edit.json')
            ? !some.includes('r2/done.json')
            : some.includes('r2/done.json')
              ? false
              : !some.some((name) => /done|cancelled/.test(name)) &&
                !(some.includes('r1/failed-1.json') && !some.includes('r1/retry-1.json'));
          const isYoung = objects.some(({ lastModified }) => lastModified > before);
          expect(isLongEnded({ seen, objects }, before)).toBe(!isOpen && !isYoung);
        },
      ),
    );
  });
});

describeBothStores('the operator', (storeOf) => {
  // Numbers are remembered for each store for a while, and each test is to see its own.
  let store: Store;
  const fresh = () => {
    const real = storeOf();
    store = new Proxy(real, {
      get(target, property) {
        const value = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  const bodyOf = async (method: string, path: string, body?: unknown) => {
    const reply = await ask(store, method, path, body);
    return 'body' in reply ? reply.body : null;
  };
  const ops = async (): Promise<Ops> => OpsSchema.parse(await bodyOf('GET', '/v1/ops'));
  const clean = async (body: object): Promise<Cleaned> =>
    CleanedSchema.parse(await bodyOf('POST', '/v1/ops/clean', body));
  const create = async (key: string, body: object = {}) => {
    const reply = await ask(store, 'POST', '/v1/jobs', { footageSet: 'holiday', ...body }, { 'Idempotency-Key': key });
    return API.createJob.answers[201].parse('body' in reply ? reply.body : null).id;
  };
  afterEach(async () => {
    for (const bucket of ['jobs', 'cache', 'output'] as const)
      for await (const { key } of storeOf().list(bucket, '')) await storeOf().delete(bucket, key);
  });

  it('sees the jobs by state, what waits and who is at work', async () => {
    fresh();
    const [a, b, c] = [await create('a'), await create('b'), await create('c')];
    await store.putOnce('jobs', revisionKeys(b, 1).cancelled, '{}');
    await store.putOnce('jobs', revisionKeys(c, 1).done, '{}');
    await store.putOnce('jobs', revisionKeys(a, 1).request('analyze-footage', 'e1', 1), '{}');
    await store.putOnce('jobs', revisionKeys(a, 1).request('analyze-footage', 'e2', 1), '{}');
    const lease = await takeLease(store, 'analyze-footage', 'e1', 'pod-1', { reason: 'input/a.mp4' });
    const { jobs, work } = await ops();
    expect(jobs).toMatchObject({ waiting: 1, cancelled: 1, done: 1, failed: 0 });
    expect(work.find(({ stage }) => stage === 'analyze-footage')).toEqual({
      stage: 'analyze-footage',
      waiting: 1,
      oldestWaitingSeconds: expect.any(Number),
      atWork: [{ item: 'e1', holder: 'pod-1', reason: 'input/a.mp4' }],
    });
    await lease?.done();
  });

  it('sees what each bucket holds, and the limits that the store was given, if it was', async () => {
    fresh();
    await store.putOnce('cache', 'segments/x.mp4', Buffer.alloc(1000));
    const before = await ops();
    expect(before.store.buckets.find(({ bucket }) => bucket === 'cache')).toMatchObject({
      objects: 1,
      bytes: 1000,
      quotaBytes: null,
    });
    await store.putOnce('jobs', QUOTAS_KEY, JSON.stringify({ cache: 5000 }));
    const after = await ops();
    expect(after.store.buckets.find(({ bucket }) => bucket === 'cache')?.quotaBytes).toBe(5000);
    expect(after.jobs).toEqual(before.jobs);
  });

  it('sees failures with their reasons, what was a dead letter, and what was answered', async () => {
    fresh();
    const [a, b] = [await create('a', { title: 'Brittany' }), await create('b')];
    await failJob(store, a, 1, { stage: 'render', reason: 'The disk is full.' });
    const key = revisionKeys(b, 1).request('plan', 'timeline', 1);
    const request = (await store.putOnce('jobs', key, '{}')) as ObjectInfo;
    await recordDeadLetter(store, request, 'out of memory');
    const { failures } = await ops();
    expect(failures.find(({ job }) => job === a)).toMatchObject({
      title: 'Brittany',
      footageSet: 'holiday',
      stage: 'render',
      reason: 'The disk is full.',
      deadLetter: false,
      answer: 'open',
    });
    const letter = failures.find(({ job }) => job === b);
    expect(letter).toMatchObject({ stage: 'plan', deadLetter: true, answer: 'open' });
    expect(letter?.reason).toContain('out of memory');
    await ask(store, 'POST', `/v1/jobs/${a}/retry`);
    await expect
      .poll(async () => (await ops()).failures.find(({ job }) => job === a)?.answer, { timeout: 10_000 })
      .toBe('retried');
  });

  it('sees the calls of hooks that were given up, and none that may still come', async () => {
    fresh();
    const note = (event: string, state: Delivery['state']) => {
      const attempts = [{ at: new Date().toISOString(), milliseconds: 5, status: 500, reason: 'It answered 500.' }];
      const delivery: Delivery = { event, type: 't', job: 'a', revision: 1, state, until: null, attempts };
      return store.putOnce('jobs', hookKeys.delivery('hook-0123456789ab', event), JSON.stringify(delivery));
    };
    await note('1'.repeat(32), 'given up');
    await note('2'.repeat(32), 'waiting');
    await note('3'.repeat(32), 'delivered');
    const { lostCalls } = await ops();
    expect(lostCalls).toMatchObject([
      { hook: 'hook-0123456789ab', url: null, job: 'a', tries: 1, reason: 'It answered 500.' },
    ]);
  });

  it('empties the cache of segments but for those of open jobs, once it has said how many', async () => {
    fresh();
    const job = await create('a');
    const timeline = planTimeline(planInputs({ clips: variedClips(4), music: wholeSong(16) }));
    await store.putOnce('jobs', revisionKeys(job, 1).timeline, toOtio(timeline));
    const own = [...new Set(segmentsOf(timeline).map(segmentHash))];
    for (const hash of [...own, 'f'.repeat(64)]) await store.putOnce('cache', cacheKeys.segment(hash), 'xyz');
    await store.putOnce('cache', 'analysis/0123456789abcdef0123456789abcdef-footage-1.json', '{}');
    const order = { what: 'segments', olderThanDays: 0 };
    expect(await clean({ ...order, olderThanDays: 1, dryRun: false })).toMatchObject({ objects: 0 });
    expect(await clean(order)).toEqual({ jobs: 0, objects: 1, bytes: 3, more: false });
    expect(await clean({ ...order, dryRun: false })).toEqual({ jobs: 0, objects: 1, bytes: 3, more: false });
    expect(await clean({ ...order, dryRun: false })).toMatchObject({ objects: 0 });
    const left = async () => (await Array.fromAsync(store.list('cache', 'segments/'))).map(({ key }) => key);
    expect(await left()).toEqual(own.map(cacheKeys.segment).sort());
    await ask(store, 'POST', `/v1/jobs/${job}/cancel`);
    expect(await clean({ ...order, dryRun: false })).toMatchObject({ objects: own.length });
    expect(await Array.fromAsync(store.list('cache', ''))).toHaveLength(1);
  });

  it('keeps of an open job also what was made larger of its segments', async () => {
    fresh();
    const job = await create('a');
    const inputs = planInputs({ clips: variedClips(2), music: wholeSong(16) });
    const request = { ...inputs.request, upscale: UpscaleSchema.parse({}) };
    const timeline = planTimeline({ ...inputs, request });
    await store.putOnce('jobs', revisionKeys(job, 1).timeline, toOtio(timeline));
    const chunks = plannedSegments(timeline).flatMap((segment) => segment.chunks.map(({ hash }) => hash));
    expect(chunks.length).toBeGreaterThan(0);
    for (const hash of chunks) await store.putOnce('cache', cacheKeys.segment(hash), 'xyz');
    const order = { what: 'segments', olderThanDays: 0, dryRun: false };
    expect(await clean(order)).toMatchObject({ objects: 0 });
    await ask(store, 'POST', `/v1/jobs/${job}/cancel`);
    expect(await clean(order)).toMatchObject({ objects: new Set(chunks).size });
  });

  it('deletes nothing while it is not known what an open job needs', async () => {
    fresh();
    const job = await create('a');
    await store.putOnce('jobs', revisionKeys(job, 1).timeline, 'no timeline');
    await store.putOnce('cache', cacheKeys.segment('f'.repeat(64)), 'xyz');
    await expect(clean({ what: 'segments', olderThanDays: 0, dryRun: false })).rejects.toThrow(job);
    expect(await Array.fromAsync(store.list('cache', ''))).toHaveLength(1);
  });

  it('deletes jobs that have ended with all that they made, and leaves the open ones', async () => {
    fresh();
    const [a, b] = [await create('a'), await create('b')];
    await store.putOnce('jobs', revisionKeys(a, 1).done, '{}');
    await store.putOnce('output', outputKeys(a, 1).montage, 'video');
    const order = { what: 'jobs', olderThanDays: 0 };
    const would = await clean(order);
    expect(would).toMatchObject({ jobs: 1, objects: 3, more: false });
    expect(await clean({ ...order, olderThanDays: 2, dryRun: false })).toMatchObject({ jobs: 0 });
    expect(await clean({ ...order, dryRun: false })).toEqual(would);
    expect(await clean({ ...order, dryRun: false })).toMatchObject({ jobs: 0, objects: 0 });
    expect(await Array.fromAsync(store.list('output', ''))).toEqual([]);
    expect((await Array.fromAsync(store.list('jobs', ''))).map(({ key }) => key).sort()).toEqual(
      [`${a}/deleted.json`, `${b}/request.json`].sort(),
    );
  });

  it('deletes no more at once than is answered soon, and says that there is more', async () => {
    fresh();
    for (let i = 0; i < 510; i += 10)
      await Promise.all(
        Array.from({ length: 10 }, (_, j) =>
          store.putOnce('cache', cacheKeys.segment(`${i + j}`.padStart(64, '0')), 'x'),
        ),
      );
    const order = { what: 'segments', olderThanDays: 0, dryRun: false };
    expect(await clean(order)).toMatchObject({ objects: 500, more: true });
    expect(await clean(order)).toMatchObject({ objects: 10, more: false });
  });

  it('is told where only the cluster knows', async () => {
    fresh();
    await expect(bodyOf('GET', '/v1/ops/functions')).rejects.toMatchObject({ status: 404 });
    await expect(clean({ what: 'everything', olderThanDays: 0 })).rejects.toMatchObject({ status: 400 });
  });
});
