import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type JobNews, newsLine, tellOfJobs } from '../../../functions/cli/job-news.ts';
import { jobRequestKey, revisionKeys } from '../../../shared/keys.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { failJob } from '../../../storage/jobs.ts';

let folder: string;
let store: FolderStore;
let stop: AbortController;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-news-'));
  store = new FolderStore(folder);
  await store.prepare();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await rm(folder, { recursive: true });
});

describe('news of jobs', () => {
  it('are where a montage lies, and at which stage and why one failed, once each', async () => {
    const told: JobNews[] = [];
    const config = { MONTAGE_DATA: folder, MONTAGE_STORE: undefined, MONTAGE_BUCKET_PREFIX: '' };
    await tellOfJobs(store, config, (news) => told.push(news), stop.signal);
    const failure = { stage: 'plan', reason: 'The song is shorter than what was asked for' } as const;
    await store.putOnce('jobs', jobRequestKey('bad-1'), '{}');
    await failJob(store, 'bad-1', 1, failure);
    await store.putOnce('jobs', revisionKeys('good-1', 2).timeline, '{}');
    await store.putOnce('jobs', revisionKeys('good-1', 2).done, '{}');
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(1), 60_000);
    expect(told.toSorted((a, b) => (a.job < b.job ? -1 : 1))).toEqual([
      { job: 'bad-1', state: 'failed', failure },
      { job: 'good-1', state: 'done', output: join(folder, 'output/good-1/r2/montage.mp4') },
    ]);
  });

  it('are said in a line', () => {
    expect(newsLine({ job: 'a', state: 'done', output: '/x/montage.mp4' })).toBe('Job a is done: /x/montage.mp4');
    const failure = { stage: 'render', reason: 'The disk is full' } as const;
    expect(newsLine({ job: 'a', state: 'failed', failure })).toBe('Job a failed at render: The disk is full');
  });
});
