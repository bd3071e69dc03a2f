import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pass } from '../../../functions/reconcile/pass.ts';
import { readConfig } from '../../../shared/config.ts';
import { toOtio } from '../../../shared/exports/otio.ts';
import { cacheKeys, jobRequestKey, revisionKeys } from '../../../shared/keys.ts';
import { type PlannedSegment, plannedSegments } from '../../../shared/planned-segments.ts';
import { UpscaleSchema } from '../../../shared/super-resolution.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { noteJob } from '../../../storage/open-jobs.ts';
import { timelineOf } from '../assemble/material.ts';

/** What is asked for counts as lost at once, and the whole of a job fits into the windows. */
const config = readConfig({
  ...{ MONTAGE_LOST_AFTER_SECONDS: '0.001', MONTAGE_ATTEMPTS: '9' },
  ...{ MONTAGE_CAPACITY_RENDER: '9', MONTAGE_CAPACITY_UPSCALE: '9' },
});
const job = 'film-1';
const keys = revisionKeys(job, 1);

let folder: string;
let store: FolderStore;
let soft: PlannedSegment;
let sharp: PlannedSegment;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-upscaled-'));
  store = new FolderStore(folder);
  await store.prepare();
  const timeline = {
    ...timelineOf({
      cuts: [{ frames: 100 }, { frames: 20, source: 1 }],
      sources: [
        { width: 1920, height: 1080 },
        { width: 3840, height: 2160 },
      ],
    }),
    ...{ width: 3840, height: 2160, upscale: UpscaleSchema.parse({}) },
  };
  [soft, sharp] = plannedSegments(timeline) as [PlannedSegment, PlannedSegment];
  await store.putOnce('jobs', jobRequestKey(job), JSON.stringify({ footageSet: 'film' }));
  await store.putOnce('jobs', keys.timeline, toOtio(timeline));
});
afterEach(() => rm(folder, { recursive: true }));

/** A pass after something has happened; what it asked for, by stage, item and attempt. */
async function asked(): Promise<string[]> {
  const before = new Set(await requests());
  await noteJob(store, job);
  await pass(store, config);
  return (await requests()).filter((key) => !before.has(key));
}
const requests = async () => (await Array.fromAsync(store.list('jobs', `${job}/r1/requests/`))).map(({ key }) => key);
const lies = (hash: string) => store.putOnce('cache', cacheKeys.segment(hash), 'pictures');
/** What `render` and `upscale` leave of their work. */
const made = async (stage: 'render' | 'upscale', hash: string) => {
  await lies(hash);
  await store.putOnce('jobs', keys.marker(stage, hash), '{}');
};

describe('a job that is upscaled', () => {
  it('has its chunks made as soon as their segment is there, then what is sharp joined with them', async () => {
    expect((await asked()).sort()).toEqual(
      [keys.request('render', soft.hash, 1), keys.request('render', sharp.hash, 1)].sort(),
    );
    await made('render', soft.hash);
    const [first, second] = soft.chunks.map(({ hash }) => hash) as [string, string];
    expect(await asked()).toEqual(
      expect.arrayContaining([keys.request('upscale', first, 1), keys.request('upscale', second, 1)]),
    );
    for (const hash of [first, second]) await made('upscale', hash);
    expect((await asked()).filter((key) => key.includes('assemble'))).toEqual([]);
    await made('render', sharp.hash);
    expect(await asked()).toEqual([keys.request('assemble', 'montage', 1)]);
  });

  it('has a small segment rendered again that has gone before one of its chunks was made, and that asked for after it', async () => {
    await asked();
    for (const { hash } of [soft, sharp]) await made('render', hash);
    const [first, second] = soft.chunks.map(({ hash }) => hash) as [string, string];
    await asked();
    await made('upscale', first);
    await store.delete('cache', cacheKeys.segment(soft.hash));
    expect(await asked()).toEqual([keys.request('render', soft.hash, 2)]);
    await lies(soft.hash);
    expect(await asked()).toEqual([keys.request('upscale', second, 2)]);
  });

  it('needs nothing of a small segment that has gone once its chunks are made', async () => {
    for (const { hash } of soft.chunks) await lies(hash);
    await lies(sharp.hash);
    expect(await asked()).toEqual([]);
    expect(await asked()).toEqual([keys.request('assemble', 'montage', 1)]);
  });
});
