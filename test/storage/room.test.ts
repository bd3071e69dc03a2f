import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderStore } from '../../storage/folder.ts';
import { makeRoom } from '../../storage/room.ts';

const QUOTA = 1000;
const SEGMENTS = ['c', 'a', 'b', 'e', 'd'].map((letter) => `segments/${letter.repeat(64)}.mp4`);
let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-room-'));
  store = new FolderStore(folder);
  await store.prepare();
  for (const key of SEGMENTS) {
    await store.putOnce('cache', key, Buffer.alloc(100));
    await sleep(20);
  }
});
afterEach(() => rm(folder, { recursive: true }));

const left = async () => (await Array.fromAsync(store.list('cache', ''))).map(({ key }) => key);
const later = () => new Date(Date.now() + 25 * 3600 * 1000);

describe('a cache that is nearly full', () => {
  it('loses its oldest segments, and what was found in clips never', async () => {
    await store.putOnce('cache', 'analysis/e-footage-1.json', Buffer.alloc(350));
    await makeRoom(store, QUOTA, later());
    // 850 of 1000 bytes: the three oldest go, until 600 are held at most.
    expect(await left()).toEqual(['analysis/e-footage-1.json', SEGMENTS[4], SEGMENTS[3]].sort());
  });

  it('keeps the segments of the last day, for which a job may be waiting', async () => {
    await store.putOnce('cache', 'analysis/e-footage-1.json', Buffer.alloc(450));
    await makeRoom(store, QUOTA, new Date());
    expect(await left()).toHaveLength(6);
  });

  it('is left alone before that', async () => {
    await store.putOnce('cache', 'analysis/e-footage-1.json', Buffer.alloc(300));
    await makeRoom(store, QUOTA, later());
    expect(await left()).toHaveLength(6);
  });
});
