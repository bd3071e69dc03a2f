import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UPSCALER_VERSION } from '../../../shared/chunks.ts';
import { jobRequestKey, revisionKeys } from '../../../shared/keys.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { findJob } from '../../../storage/jobs.ts';
import { serve } from '../served.ts';

const job = 'film-1';
const keys = revisionKeys(job, 1);
const CHUNK = 'c'.repeat(64);

let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-other-version-'));
  store = new FolderStore(join(folder, 'data'));
  await store.prepare();
  await store.putOnce('jobs', jobRequestKey(job), JSON.stringify({ footageSet: 'film' }));
});
afterEach(() => rm(folder, { recursive: true }));

/** How the function answers a request for a chunk of a version, and whether its job has failed or its work is done by then. */
async function asked(upscalerVersion: number) {
  const key = keys.request('upscale', CHUNK, 1);
  await store.putOnce('jobs', key, JSON.stringify({ upscalerVersion }));
  await using upscale = await serve('upscale', { MONTAGE_DATA: join(folder, 'data') });
  const { status } = await fetch(upscale.url, {
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
  const seen = await findJob(store, job);
  return { status, failures: seen?.failures, made: seen?.upscaled.has(CHUNK) };
}

it('a chunk of a later version is left to a pod of that version: the request is delivered again, and no job fails', async () => {
  expect(await asked(UPSCALER_VERSION + 1)).toEqual({ status: 500, failures: 0, made: false });
});

it('a chunk of an earlier version is nobody’s: the request isn’t delivered again, and no job fails', async () => {
  expect(await asked(UPSCALER_VERSION - 1)).toEqual({ status: 204, failures: 0, made: false });
});

it('a chunk that is none fails its job at once', async () => {
  expect(await asked(UPSCALER_VERSION)).toEqual({ status: 204, failures: 1, made: false });
});
