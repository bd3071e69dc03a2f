import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pass } from '../../../functions/reconcile/pass.ts';
import { readConfig } from '../../../shared/config.ts';
import { eventOf } from '../../../shared/events.ts';
import { toOtio } from '../../../shared/exports/otio.ts';
import { cacheKeys, jobRequestKey, revisionKeys } from '../../../shared/keys.ts';
import { plannedSegments } from '../../../shared/planned-segments.ts';
import { UpscaleSchema } from '../../../shared/super-resolution.ts';
import { clearCloudWork, cloudWorkOfMonth, noteCloudWork } from '../../../storage/cloud-work.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { noteJob } from '../../../storage/open-jobs.ts';
import { NoSuchObject } from '../../../storage/store.ts';
import { timelineOf } from '../assemble/material.ts';

const job = 'film-1';
const keys = revisionKeys(job, 1);
const HUNDREDTH = { MONTAGE_CLOUD_AFTER_MINUTES: '0.01', MONTAGE_CAPACITY_CLOUD: '2' };

let folder: string;
let store: FolderStore;
/** Of a job whose segment is rendered, and of which one chunk was made by the own GPU. */
let chunks: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-pools-'));
  store = new FolderStore(folder);
  await store.prepare();
  const source = { width: 1920, height: 1080 };
  const timeline = {
    ...timelineOf({ cuts: [{ frames: 500 }], sources: [source] }),
    ...{ width: 3840, height: 2160, upscale: UpscaleSchema.parse({}) },
  };
  const [segment] = plannedSegments(timeline);
  chunks = (segment?.chunks ?? []).map(({ hash }) => hash);
  await store.putOnce('jobs', jobRequestKey(job), JSON.stringify({ footageSet: 'film' }));
  await store.putOnce('jobs', keys.timeline, toOtio(timeline));
  await made('render', segment?.hash ?? '');
  await store.putOnce('jobs', keys.request('upscale', chunks[0] ?? '', 1), '{}');
  await made('upscale', chunks[0] ?? '', { seconds: 60 });
});
afterEach(() => rm(folder, { recursive: true }));

const made = async (stage: 'render' | 'upscale', hash: string, says: object = {}) => {
  await store.putOnce('cache', cacheKeys.segment(hash), 'pictures');
  await store.putOnce('jobs', keys.marker(stage, hash), JSON.stringify(says));
};

/** How many requests a pass writes, by whose GPUs they ask. */
async function asked(environment: Record<string, string>): Promise<{ own: number; cloud: number }> {
  const requests = async () =>
    (await Array.fromAsync(store.list('jobs', `${keys.root}requests/upscale/`))).map(({ key }) => key);
  const before = new Set(await requests());
  await noteJob(store, job);
  await pass(store, readConfig(environment));
  const fresh = (await requests()).filter((key) => !before.has(key));
  const cloud = fresh.filter((key) => key.endsWith('.cloud.json')).length;
  return { own: fresh.length - cloud, cloud };
}

describe('chunks that the cluster’s own GPU would be late with', () => {
  it('are asked of the cloud’s, beside what the own one begins, until its pods have enough before them', async () => {
    expect(await asked(HUNDREDTH)).toEqual({ own: 2, cloud: 4 });
    expect(await asked(HUNDREDTH)).toEqual({ own: 0, cloud: 0 });
  });

  it('are more for the cloud when one of its own is there, and for the own GPU when one of its own is', async () => {
    await asked(HUNDREDTH);
    await made('upscale', await firstOf('.1.cloud.json'), { seconds: 5 });
    expect(await asked(HUNDREDTH)).toEqual({ own: 0, cloud: 1 });
    await made('upscale', await firstOf('.1.json'), { seconds: 60 });
    expect(await asked(HUNDREDTH)).toEqual({ own: 1, cloud: 0 });
  });

  it('stay where they are without a cloud, with time, and once the month is used up', async () => {
    await noteCloudWork(store, chunks[0] ?? '', 30, new Date());
    expect(await asked({ ...HUNDREDTH, MONTAGE_CLOUD_MINUTES_A_MONTH: '0.5' })).toEqual({ own: 2, cloud: 0 });
    expect(await asked({ MONTAGE_CAPACITY_CLOUD: '2' })).toEqual({ own: 0, cloud: 0 });
    expect(await asked({ MONTAGE_CLOUD_AFTER_MINUTES: '0.01' })).toEqual({ own: 0, cloud: 0 });
  });

  it('are asked of the own GPU when no node took them, as far as that can begin them, and stay open in the cloud', async () => {
    await asked(HUNDREDTH);
    const own = (await requestsOf('.1.json')).filter((hash) => hash !== chunks[0]);
    await anHourAgo();
    // Those of the own GPU are asked for again, which takes no more room.
    expect(await asked(HUNDREDTH)).toEqual({ own: 2, cloud: 0 });
    expect(await requestsOf('.2.json')).toEqual(own);
    await made('upscale', own[0] ?? '', { seconds: 60 });
    expect(await asked(HUNDREDTH)).toEqual({ own: 1, cloud: 0 });
    const [back] = (await requestsOf('.2.json')).filter((hash) => !own.includes(hash));
    expect(await requestsOf('.1.cloud.json')).toContain(back);
    // A node that comes now makes that one too.
    expect(await asked(HUNDREDTH)).toEqual({ own: 0, cloud: 0 });
    await made('upscale', back ?? '', { seconds: 60 });
    expect(await asked(HUNDREDTH)).toEqual({ own: 1, cloud: 1 });
    expect(await requestsOf('.2.cloud.json')).toEqual([]);
  });

  it('are more when what came to nothing in the cloud is before the own GPU again', async () => {
    const inTimeForFour = { MONTAGE_CLOUD_AFTER_MINUTES: '4.5', MONTAGE_CAPACITY_CLOUD: '4' };
    await asked(HUNDREDTH);
    expect(await asked(inTimeForFour)).toEqual({ own: 0, cloud: 0 });
    await anHourAgo();
    expect(await asked(inTimeForFour)).toEqual({ own: 2, cloud: 2 });
  });

  it('are measured by the markers that can be read, and nobody’s job stops for the others', async () => {
    await store.putOnce('jobs', keys.request('upscale', chunks[1] ?? '', 1), '{}');
    await made('upscale', chunks[1] ?? '', { seconds: 'no number' });
    const read = store.read.bind(store);
    const vanished = keys.marker('upscale', chunks[0] ?? '');
    store.read = (bucket, key) =>
      key === vanished ? Promise.reject(new NoSuchObject(bucket, key)) : read(bucket, key);
    expect(await asked(HUNDREDTH)).toEqual({ own: 2, cloud: 0 });
    store.read = read;
    expect(await asked(HUNDREDTH)).toEqual({ own: 0, cloud: 4 });
  });

  /** All that was asked for until now, as if it had been an hour earlier. */
  async function anHourAgo(): Promise<void> {
    const old = new Set((await Array.fromAsync(store.list('jobs', `${keys.root}requests/`))).map(({ key }) => key));
    const list = store.list.bind(store);
    store.list = async function* (bucket, prefix) {
      for await (const object of list(bucket, prefix)) {
        const { key, lastModified } = object;
        yield old.has(key) ? { ...object, lastModified: new Date(lastModified.getTime() - 3600 * 1000) } : object;
      }
    };
  }

  /** The chunks of the requests whose keys end so. */
  async function requestsOf(ending: string): Promise<string[]> {
    const all = await Array.fromAsync(store.list('jobs', `${keys.root}requests/upscale/`));
    return all.flatMap(({ key }) =>
      key.endsWith(ending) ? [key.slice(key.lastIndexOf('/') + 1, -ending.length)] : [],
    );
  }

  /** A chunk of which only such a request was made. */
  async function firstOf(ending: string): Promise<string> {
    for await (const { key } of store.list('jobs', `${keys.root}requests/upscale/`))
      if (key.endsWith(ending)) {
        const hash = key.slice(key.lastIndexOf('/') + 1, -ending.length);
        if ((await store.stat('cache', cacheKeys.segment(hash))) === null) return hash;
      }
    throw new Error(`There is no request that ends in ${ending}`);
  }
});

describe('a request that asks a cloud’s GPUs', () => {
  it('is an event that says so, where one of the own GPUs’ says nothing', () => {
    const of = (key: string) => eventOf({ bucket: 'jobs', key, etag: 'e', size: 2 }, new Date());
    const hash = 'a'.repeat(64);
    const type = 'ai.montage.upscale.requested';
    expect(of(keys.request('upscale', hash, 1, 'cloud'))).toMatchObject({ type, job, pool: 'cloud' });
    expect(of(keys.request('upscale', hash, 1))).toMatchObject({ type, job });
    expect(of(keys.request('upscale', hash, 1))).not.toHaveProperty('pool');
  });
});

describe('what a cloud’s GPUs have worked', () => {
  it('is counted by the month, in UTC, however often one was at the same chunk', async () => {
    const hash = 'b'.repeat(64);
    await noteCloudWork(store, hash, 1.5, new Date('2026-10-31T23:59:59.999Z'));
    await noteCloudWork(store, hash, 2.25, new Date('2026-11-01T00:00:00.000Z'));
    await noteCloudWork(store, hash, 4, new Date('2026-11-30T12:00:00.000Z'));
    const of = (time: string) => cloudWorkOfMonth(store, new Date(time));
    expect(await of('2026-10-01T00:00:00Z')).toEqual({ times: 1, seconds: 1.5 });
    expect(await of('2026-11-15T00:00:00Z')).toEqual({ times: 2, seconds: 6.25 });
    expect(await of('2026-12-01T00:00:00Z')).toEqual({ times: 0, seconds: 0 });
  });

  it.each([
    ['2026-11-01T00:00:00Z', ['2026-10', '2026-11']],
    ['2026-11-30T23:59:59Z', ['2026-10', '2026-11']],
    ['2027-01-31T12:00:00Z', ['2026-12', '2027-01']],
    ['2027-03-31T12:00:00Z', []],
  ])('is forgotten after the month that follows it: on %s', async (now, kept) => {
    const months = ['2025-12', '2026-01', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01'].filter(
      (month) => month <= now.slice(0, 7),
    );
    for (const month of months)
      for (const hash of ['b', 'c']) await noteCloudWork(store, hash.repeat(64), 1, new Date(`${month}-15T00:00:00Z`));
    await clearCloudWork(store, new Date(now));
    const left = (await Array.fromAsync(store.list('jobs', '_cloud/'))).map(({ key }) => key.split('/')[1]);
    expect(left).toEqual(kept.flatMap((month) => [month, month]));
    expect(await store.stat('jobs', jobRequestKey(job))).not.toBeNull();
  });
});
