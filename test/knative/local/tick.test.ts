import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenJobs } from '../../../knative/local/open-jobs.ts';
import { jobRequestKey, revisionKeys } from '../../../shared/keys.ts';
import { JobRequestSchema } from '../../../shared/request.ts';
import { Stand, until } from './stand.ts';

const keys = revisionKeys('job', 1);

describe('open jobs', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = new Stand([]);
    await stand.store.prepare();
  });
  afterEach(() => stand[Symbol.asyncDispose]());

  const put = async (key: string, jobs?: OpenJobs) => {
    const info = await stand.store.putOnce('jobs', key, JSON.stringify(JobRequestSchema.parse({ footageSet: 'set' })));
    if (info) jobs?.notice(info.key.split('/', 1)[0] ?? '');
  };

  it('are those that are neither done nor failed nor cancelled', async () => {
    for (const job of ['waiting', 'done', 'failed', 'cancelled', 'retried']) await put(jobRequestKey(job));
    await put(revisionKeys('done', 1).done);
    await put(revisionKeys('failed', 1).failed(1));
    await put(revisionKeys('cancelled', 1).cancelled);
    await put(revisionKeys('retried', 1).failed(1));
    await put(revisionKeys('retried', 1).retry(1));
    expect(await new OpenJobs(stand.store).load()).toEqual(['retried', 'waiting']);
  });

  it('open and close as objects arrive', async () => {
    const jobs = new OpenJobs(stand.store);
    await jobs.load();
    expect(await jobs.any()).toBe(false);
    await put(jobRequestKey('job'), jobs);
    expect(await jobs.any()).toBe(true);
    await put(keys.done, jobs);
    expect(await jobs.any()).toBe(false);
    await put(revisionKeys('job', 2).edit, jobs);
    expect(await jobs.any()).toBe(true);
  });

  it('are none when the job was deleted', async () => {
    await put(jobRequestKey('job'));
    const jobs = new OpenJobs(stand.store);
    await jobs.load();
    await stand.store.delete('jobs', jobRequestKey('job'));
    expect(await jobs.any()).toBe(false);
  });
});

describe('the timer', () => {
  const tick = [
    'apiVersion: sources.knative.dev/v1',
    'kind: PingSource',
    'metadata: { name: tick }',
    'spec: { schedule: "* * * * *", sink: { ref: { kind: Service, name: reconcile } } }',
  ].join('\n');

  it('wakes its function once at the start, then only while a job is open', async () => {
    await using stand = new Stand([
      { name: 'reconcile', target: 'worker', concurrency: 100 },
      { name: 'ingest', target: 'web' },
    ]);
    writeFileSync(`${stand.manifests}/tick.yaml`, tick);
    const ticks = () => stand.journal().filter(({ what }) => what === 'ended').length;
    await stand.start({ tickSeconds: 0.1 });
    await until(() => ticks() === 1, 'it has been woken at the start');
    await wait(500);
    expect(ticks()).toBe(1);
    await stand.store.putOnce('jobs', jobRequestKey('job'), '{}');
    await until(() => ticks() >= 3, 'it is woken again and again');
    await stand.store.putOnce('jobs', keys.done, '{}');
    await wait(500);
    const after = ticks();
    await wait(500);
    expect(ticks()).toBe(after);
  });
});
