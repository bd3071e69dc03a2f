import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pass as passNoted, takeForgottenOrders } from '../../../functions/reconcile/pass.ts';
import { FOOTAGE_ANALYSER_VERSION, MUSIC_ANALYSER_VERSION } from '../../../shared/analysis.ts';
import { readConfig } from '../../../shared/config.ts';
import { cacheKeys, jobDeletedKey, jobRequestKey, revisionKeys } from '../../../shared/keys.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { allJobs } from '../../../storage/jobs.ts';
import { noteForgottenJobs } from '../../../storage/open-jobs.ts';
import { readJson } from '../../../storage/read-json.ts';

const config = readConfig({ MONTAGE_SETTLE_SECONDS: '0', MONTAGE_CAPACITY_ANALYSE: '1' });
let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-pass-'));
  store = new FolderStore(folder);
  await store.prepare();
});
afterEach(() => rm(folder, { recursive: true }));
/** As after the timer, which finds every job. */
const pass = async (...given: Parameters<typeof passNoted>) => {
  await noteForgottenJobs(store);
  return passNoted(...given);
};
const keys = async () => (await Array.fromAsync(store.list('jobs', ''))).map(({ key }) => key);
const requests = async () => (await keys()).filter((key) => key.includes('/requests/'));
const dropSet = async (name: string, clips: number) => {
  for (let i = 1; i <= clips; i += 1) await store.putOnce('input', `${name}/${i}.mp4`, `${name} ${i}`);
  await store.putOnce('jobs', jobRequestKey(name), JSON.stringify({ footageSet: name }));
};

describe('a pass over all open jobs', () => {
  it('asks for no more than the window of a stage holds, shared between the jobs', async () => {
    await store.putOnce('music', 'song.mp3', 'song');
    await dropSet('big', 9);
    await dropSet('small', 2);
    await pass(store, config);
    const asked = (await requests()).filter((key) => key.includes('analyze-footage'));
    expect(asked.map((key) => key.split('/')[0])).toEqual(['big', 'small']);
    await pass(store, config);
    expect((await requests()).filter((key) => key.includes('analyze-footage'))).toEqual(asked);
  });

  it('goes on as work is finished, and asks for the plan at the end', async () => {
    await store.putOnce('music', 'song.mp3', 'song');
    await dropSet('set', 5);
    for (let turn = 0; turn < 8; turn += 1) {
      await pass(store, config);
      for (const key of await requests()) {
        const [, , , stage, file = ''] = key.split('/');
        const etag = file.split('.')[0] ?? '';
        const result = JSON.stringify({ kind: 'rejected', reason: 'It is only a test.' });
        if (stage === 'analyze-footage')
          await store.putOnce('cache', cacheKeys.footageAnalysis(etag, FOOTAGE_ANALYSER_VERSION), result);
        if (stage === 'analyze-music')
          await store.putOnce('cache', cacheKeys.musicAnalysis(etag, MUSIC_ANALYSER_VERSION), result);
      }
    }
    expect(await requests()).toContain(revisionKeys('set', 1).request('plan', 'timeline', 1));
    expect((await requests()).filter((key) => key.includes('.2.json'))).toEqual([]);
  });

  it('asks for the plan in one go when everything was analysed before', async () => {
    const song = await store.putOnce('music', 'song.mp3', 'song');
    await dropSet('set', 2);
    const result = JSON.stringify({ kind: 'rejected', reason: 'It is only a test.' });
    for await (const { etag } of store.list('input', 'set/')) {
      await store.putOnce('cache', cacheKeys.footageAnalysis(etag, FOOTAGE_ANALYSER_VERSION), result);
    }
    await store.putOnce('cache', cacheKeys.musicAnalysis(song?.etag ?? '', MUSIC_ANALYSER_VERSION), result);
    await pass(store, config);
    expect(await requests()).toEqual([revisionKeys('set', 1).request('plan', 'timeline', 1)]);
  });

  it('asks for nothing once a job is cancelled', async () => {
    await store.putOnce('music', 'song.mp3', 'song');
    await dropSet('set', 2);
    await store.putOnce('jobs', revisionKeys('set', 1).cancelled, '{}');
    await pass(store, config);
    expect(await requests()).toEqual([]);
  });
});

describe('one broken job', () => {
  it.each([
    ['{"footageSet":"../x"}', "can't be read"],
    ['{"footageSet":"set","clips":["x/../../y"]}', "can't be read"],
    ['{"footageSet":"set","from":"another version"}', "can't be read"],
    ['not even JSON', "can't be read"],
  ])('stops no other: %s', async (request, reason) => {
    await store.putOnce('music', 'song.mp3', 'song');
    await store.putOnce('jobs', jobRequestKey('broken'), request);
    await dropSet('good', 1);
    await pass(store, config);
    expect((await requests()).map((key) => key.split('/')[0])).toContain('good');
    expect(await readJson(store, 'jobs', revisionKeys('broken', 1).failed(1))).toMatchObject({
      stage: 'reconcile',
      reason: expect.stringContaining(reason),
    });
  });

  it('nor does an order that no parser can read keep others from being found', async () => {
    await store.putOnce('input', 'a/montage.yaml', 'music: *song');
    await store.putOnce('input', 'b/montage.yaml', '');
    await takeForgottenOrders(store);
    expect((await allJobs(store)).map(({ failures }) => failures)).toEqual([1, 0]);
  });
});

describe('orders whose event was lost', () => {
  it('are found, and those of deleted jobs are left alone', async () => {
    await store.putOnce('input', 'holiday/montage.yaml', 'style: mtv');
    await takeForgottenOrders(store);
    await takeForgottenOrders(store);
    const jobs = await allJobs(store);
    expect(jobs).toHaveLength(1);
    const id = jobs[0]?.job ?? '';
    await store.putOnce('jobs', jobDeletedKey(id), '{}');
    await store.delete('jobs', jobRequestKey(id));
    await takeForgottenOrders(store);
    expect(await allJobs(store)).toEqual([]);
  });
});
