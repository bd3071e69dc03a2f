import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chunksOf } from '../../../shared/chunks.ts';
import { cacheKeys, jobRequestKey, type Pool, revisionKeys } from '../../../shared/keys.ts';
import { chunkHash } from '../../../shared/segment-hash.ts';
import { UpscaleSchema } from '../../../shared/super-resolution.ts';
import { cloudWorkOfMonth } from '../../../storage/cloud-work.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { makeClip } from '../../media/clip.ts';
import { timelineOf } from '../assemble/material.ts';
import { serve } from '../served.ts';
import { upscalePackagesMissing } from './packages.ts';

const SEGMENT = 'd'.repeat(64);
const job = 'film-1';
const keys = revisionKeys(job, 1);
const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';

let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-cloud-'));
  store = new FolderStore(join(folder, 'data'));
  await store.prepare();
  await store.putOnce('jobs', jobRequestKey(job), JSON.stringify({ footageSet: 'film' }));
});
afterEach(() => rm(folder, { recursive: true }));

/** Has the function make a chunk that some pool's GPUs are asked for; gives the chunk's hash. */
async function made(pool: Pool, segmentPath: string): Promise<string> {
  await store.putFileOnce('cache', cacheKeys.segment(SEGMENT), segmentPath);
  const timeline = {
    ...timelineOf({ cuts: [{ frames: 8 }], sources: [{ width: 160, height: 90 }] }),
    ...{ width: 320, height: 180, upscale: UpscaleSchema.parse({ onCpu: true }) },
  };
  const [[spec] = []] = chunksOf(timeline, [SEGMENT]);
  if (!spec) throw new Error('There is nothing to make larger');
  const hash = chunkHash(spec);
  const key = keys.request('upscale', hash, 1, pool);
  await store.putOnce('jobs', key, JSON.stringify(spec));
  await using upscale = await serve('upscale', {
    MONTAGE_DATA: join(folder, 'data'),
    VK_DRIVER_FILES: '/nowhere.json',
  });
  await fetch(upscale.url, {
    method: 'POST',
    headers: {
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/buckets/jobs',
      'ce-type': 'ai.montage.upscale.requested',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ bucket: 'jobs', key, etag: '0', size: 1 }),
  });
  return hash;
}
const small = async () =>
  (await makeClip(folder, { name: 'small.mp4', width: 160, height: 90, seconds: 1, audio: null })).path;
const secondsOf = async (hash: string) =>
  JSON.parse((await store.read('jobs', keys.marker('upscale', hash))).toString()).seconds as number;

describe.skipIf(upscalePackagesMissing)(`a chunk that a GPU of the cloud is asked for${skipped}`, () => {
  it('costs the month as long as its marker says that it took', async () => {
    const seconds = await secondsOf(await made('cloud', await small()));
    expect(seconds).toBeGreaterThan(0);
    const month = await cloudWorkOfMonth(store, new Date());
    expect(month.times).toBe(1);
    expect(month.seconds).toBeCloseTo(seconds, 2);
  });

  it('costs it as much when nothing came of it', async () => {
    const broken = join(folder, 'broken.mp4');
    await writeFile(broken, 'no pictures');
    const hash = await made('cloud', broken);
    expect(await store.stat('cache', cacheKeys.segment(hash))).toBeNull();
    const month = await cloudWorkOfMonth(store, new Date());
    expect(month.times).toBe(1);
    expect(month.seconds).toBeGreaterThan(0);
  });

  it('costs it nothing when the cluster’s own is asked for it, which says how long it took all the same', async () => {
    expect(await secondsOf(await made('own', await small()))).toBeGreaterThan(0);
    expect(await cloudWorkOfMonth(store, new Date())).toEqual({ times: 0, seconds: 0 });
  });
});
