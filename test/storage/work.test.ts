import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../shared/events.ts';
import { cacheKeys, jobDeletedKey, jobRequestKey, type Pool, revisionKeys, type Stage } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import { FolderStore } from '../../storage/folder.ts';
import { readJson } from '../../storage/read-json.ts';
import { takeWork } from '../../storage/work.ts';

const HASH = 'f'.repeat(64);
let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-work-'));
  store = new FolderStore(folder);
  await store.prepare();
});
afterEach(() => rm(folder, { recursive: true }));

async function ask(job: string, stage: Stage, item: string, pool: Pool = 'own'): Promise<ObjectRef> {
  await store.putOnce('jobs', jobRequestKey(job), '{}');
  const key = revisionKeys(job, 1).request(stage, item, 1, pool);
  const info = await store.putOnce('jobs', key, '{"asked":true}');
  return { bucket: 'jobs', key, etag: info?.etag ?? '', size: 14 };
}
/** Does the work and says what it was given; `until` keeps it at it. */
const work = (request: ObjectRef, stage: Stage, done: string[], until: Promise<void> = Promise.resolve()) =>
  takeWork(store, request, stage, async ({ job }) => {
    await until;
    done.push(job);
  });

describe('a piece of work', () => {
  it.each(['plan', 'assemble'] as const)('to %s is done for two jobs at the same time', async (stage) => {
    const item = stage === 'plan' ? 'timeline' : 'montage';
    const requests = [await ask('one', stage, item), await ask('two', stage, item)];
    const done: string[] = [];
    let go = () => {};
    const gate = new Promise<void>((open) => {
      go = open;
    });
    const all = Promise.all(requests.map((request) => work(request, stage, done, gate)));
    setTimeout(go, 50);
    await all;
    expect(done.sort()).toEqual(['one', 'two']);
  });

  it('that is the same for two jobs is done once at a time', async () => {
    const requests = [await ask('one', 'render', HASH), await ask('two', 'render', HASH)];
    const done: string[] = [];
    const gate = new Promise<void>((open) => setTimeout(open, 50));
    await Promise.all(requests.map((request) => work(request, 'render', done, gate)));
    expect(done).toHaveLength(1);
  });

  it.each([
    ['cancelled', (job: string) => revisionKeys(job, 1).cancelled],
    ['deleted', jobDeletedKey],
  ])('stops when its job is %s, without a failure', async (_how, key) => {
    const request = await ask('job', 'render', HASH);
    const stopped = takeWork(store, request, 'render', ({ signal }) => {
      void store.putOnce('jobs', key('job'), '{}');
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await stopped;
    expect(await store.stat('jobs', revisionKeys('job', 1).failed(1))).toBeNull();
  });

  it('that can never work fails its job with the sentence; one that may work later is thrown on', async () => {
    const request = await ask('job', 'plan', 'timeline');
    await expect(
      takeWork(store, request, 'plan', () => Promise.reject(new Error('the network is away'))),
    ).rejects.toThrow('network');
    expect(await store.stat('jobs', revisionKeys('job', 1).failed(1))).toBeNull();
    await takeWork(store, request, 'plan', () => Promise.reject(new Refusal('The song is too short.')));
    expect(await readJson(store, 'jobs', revisionKeys('job', 1).failed(1))).toMatchObject({
      stage: 'plan',
      reason: 'The song is too short.',
    });
    const done: string[] = [];
    await work(request, 'plan', done);
    expect(done).toEqual([]);
  });

  it('that a cloud’s GPU refuses is given back, and its job goes on; what an own GPU refuses fails it', async () => {
    const refuse = () => Promise.reject(new Refusal('There is no GPU here.'));
    await takeWork(store, await ask('job', 'upscale', HASH, 'cloud'), 'upscale', refuse);
    expect(await store.stat('jobs', revisionKeys('job', 1).failed(1))).toBeNull();
    expect(await readJson(store, 'cache', cacheKeys.lease('upscale', HASH))).toMatchObject({ released: true });
    await takeWork(store, await ask('job', 'upscale', HASH), 'upscale', refuse);
    expect(await readJson(store, 'jobs', revisionKeys('job', 1).failed(1))).toMatchObject({ stage: 'upscale' });
  });
});
