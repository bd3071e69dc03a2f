import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordDeadLetter } from '../../../functions/dead-letter/record.ts';
import { stateOf } from '../../../shared/job.ts';
import { jobRequestKey, materialKeys, previewKeys, revisionKeys } from '../../../shared/keys.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { findJob } from '../../../storage/jobs.ts';
import { readJson } from '../../../storage/read-json.ts';

const keys = revisionKeys('j', 1);
const hash = 'f'.repeat(64);
const etag = '0'.repeat(32);
let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-dead-'));
  store = new FolderStore(folder);
  await store.prepare();
  await store.putOnce('jobs', jobRequestKey('j'), '{}');
});
afterEach(() => rm(folder, { recursive: true }));
const refOf = (key: string) => ({ bucket: 'jobs' as const, key, etag, size: 1 });

describe('a delivery that ran out of retries', () => {
  it('fails the job with the stage and what the function said', async () => {
    await recordDeadLetter(store, refOf(keys.request('render', hash, 1)), 'The disk is full');
    expect(await readJson(store, 'jobs', keys.failed(1))).toMatchObject({
      stage: 'render',
      item: hash,
      reason: expect.stringContaining('The disk is full'),
    });
    const job = await findJob(store, 'j');
    expect(job && stateOf(job)).toBe('failed');
  });

  it('leaves out a clip that can not be looked at, and the job goes on', async () => {
    const request = keys.request('analyze-footage', etag, 1);
    await store.putOnce('jobs', request, JSON.stringify({ bucket: 'input', key: 'holiday/day 1/bad.mp4', etag }));
    await recordDeadLetter(store, refOf(request), null);
    expect(await readJson(store, 'jobs', materialKeys('j').rejected(etag))).toMatchObject({ file: 'day 1/bad.mp4' });
    const job = await findJob(store, 'j');
    expect(job && stateOf(job)).toBe('waiting');
  });

  it('of a cloud’s GPU leaves the job to the own ones; that of an own one fails it', async () => {
    await recordDeadLetter(store, refOf(keys.request('upscale', hash, 1, 'cloud')), 'No node came');
    expect(await store.stat('jobs', keys.failed(1))).toBeNull();
    await recordDeadLetter(store, refOf(keys.request('upscale', hash, 1)), 'The GPU is lost');
    expect(await readJson(store, 'jobs', keys.failed(1))).toMatchObject({ stage: 'upscale', deadLetter: true });
  });

  it.each([
    ['was asked for again since', 'render', keys.request('render', hash, 2)],
    ['was rendered since', 'render', keys.marker('render', hash)],
    ['was made larger since', 'upscale', keys.marker('upscale', hash)],
  ] as const)('is no failure of what %s', async (_what, stage, since) => {
    await store.putOnce('jobs', keys.request(stage, hash, 1), '{}');
    await store.putOnce('jobs', since, '{}');
    await recordDeadLetter(store, refOf(keys.request(stage, hash, 1)), null);
    expect(await store.stat('jobs', keys.failed(1))).toBeNull();
  });

  it.each([
    ['of the last attempt', keys.request('render', hash, 2), keys.request('render', hash, 1)],
    ['while only another segment is there', keys.request('render', hash, 1), keys.marker('render', 'e'.repeat(64))],
    ['while it was made larger, not rendered', keys.request('render', hash, 1), keys.marker('upscale', hash)],
  ])('fails the job %s', async (_when, given, other) => {
    for (const key of [given, other]) await store.putOnce('jobs', key, '{}');
    await recordDeadLetter(store, refOf(given), null);
    expect(await store.stat('jobs', keys.failed(1))).not.toBeNull();
  });

  it('leaves no clip out that is looked at again', async () => {
    const request = keys.request('analyze-footage', etag, 1);
    for (const key of [request, keys.request('analyze-footage', etag, 2)])
      await store.putOnce('jobs', key, JSON.stringify({ bucket: 'input', key: 'holiday/a.mp4', etag }));
    await recordDeadLetter(store, refOf(request), null);
    expect(await store.stat('jobs', materialKeys('j').rejected(etag))).toBeNull();
  });

  it('notes that the preview of a style can not be made', async () => {
    const preview = previewKeys('a'.repeat(64));
    await recordDeadLetter(store, refOf(preview.request(1)), 'The disk is full');
    expect(await readJson(store, 'jobs', preview.failed)).toMatchObject({ reason: 'The disk is full' });
  });

  it('is only logged when it belongs to no job', async () => {
    await recordDeadLetter(store, { bucket: 'input', key: 'holiday/a.mp4', etag, size: 1 }, null);
    expect((await Array.fromAsync(store.list('jobs', ''))).map(({ key }) => key)).toEqual(['j/request.json']);
  });
});
