import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takePreview } from '../../../functions/preview/take.ts';
import { cacheKeys, previewKeys } from '../../../shared/keys.ts';
import { previewOf } from '../../../shared/preview-hash.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { resolveStyle } from '../../../shared/styles/built-in.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { wantPreview } from '../../../storage/previews.ts';

const style = resolveStyle('mtv', [], {});
const preview = previewOf(style);
const keys = previewKeys(preview);
const request = { bucket: 'jobs' as const, key: keys.request(1), etag: '0', size: 1 };
let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-take-preview-'));
  store = new FolderStore(join(folder, 'data'));
  await store.prepare();
  await wantPreview(store, preview, style, new Date());
  await store.putOnce('jobs', request.key, '{}');
});
afterEach(() => rm(folder, { recursive: true }));

const has = async (bucket: 'jobs' | 'cache', key: string) => (await store.stat(bucket, key)) !== null;
const filmed = async () => {
  const [film, still] = [join(folder, 'film.mp4'), join(folder, 'still.jpg')];
  await Promise.all([writeFile(film, 'film'), writeFile(still, 'still')]);
  return { film, still };
};
const never = (): Promise<never> => Promise.reject(new Error('Nobody should have asked for this'));

describe('a preview that is asked for', () => {
  it('is made of its style, kept in the cache, and told of', async () => {
    await takePreview(store, request, async (given) => {
      expect(given).toEqual(style);
      return filmed();
    });
    expect((await store.read('cache', cacheKeys.preview(preview))).toString()).toBe('film');
    expect((await store.read('cache', cacheKeys.previewStill(preview))).toString()).toBe('still');
    expect(await has('jobs', keys.made)).toBe(true);
    expect(await Array.fromAsync(store.list('cache', 'leases/'))).toEqual([]);
  });

  it('is told of without being made again where it lies there', async () => {
    await store.putOnce('cache', cacheKeys.preview(preview), 'film');
    await takePreview(store, request, never);
    expect(await has('jobs', keys.made)).toBe(true);
  });

  it('is left alone once the request was taken back', async () => {
    await store.delete('jobs', request.key);
    await takePreview(store, request, never);
    expect(await has('jobs', keys.made)).toBe(false);
  });

  it('is broken off when the request is taken back, and has not failed', async () => {
    await takePreview(store, request, async (_style, signal) => {
      await store.delete('jobs', request.key);
      await sleep(10_000, undefined, { signal });
      return filmed();
    });
    expect([await has('jobs', keys.made), await has('jobs', keys.failed)]).toEqual([false, false]);
    expect(await has('cache', cacheKeys.preview(preview))).toBe(false);
  });

  it('has failed when its style can’t be followed', async () => {
    await takePreview(store, request, () => Promise.reject(new Refusal('The clips are too short')));
    expect((await store.read('jobs', keys.failed)).toString()).toContain('The clips are too short');
  });

  it('is delivered again after anything else', async () => {
    await expect(takePreview(store, request, () => Promise.reject(new Error('The disk is full')))).rejects.toThrow();
    expect(await has('jobs', keys.failed)).toBe(false);
  });
});
