import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tuningsInStore } from '../../../functions/upscale/tunings-in-store.ts';
import { cacheKeys } from '../../../shared/keys.ts';
import { log } from '../../../shared/log.ts';
import { FolderStore } from '../../../storage/folder.ts';

describe('what was measured of a GPU, in the store', () => {
  let folder: string;
  let store: FolderStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-tunings-'));
    store = new FolderStore(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const blocking = {
    by: 'threads',
    ...{ columns: 16, rows: 8, outputs: 4, pixelsOfThread: 4, outputsOfThread: 2, depth: 1 },
  } as const;

  it('is there for the next pod, as it was measured last', async () => {
    expect(await tuningsInStore(store).get('abc')).toBeNull();
    await tuningsInStore(store).put('abc', blocking);
    expect(await tuningsInStore(store).get('abc')).toEqual(blocking);
    await tuningsInStore(store).put('abc', { ...blocking, rows: 16 });
    expect(await tuningsInStore(store).get('abc')).toEqual({ ...blocking, rows: 16 });
  });

  it('is nothing where what is there is damaged, until it is measured anew', async () => {
    await store.putOnce('cache', cacheKeys.tuning('damaged'), '{"by": "thr');
    expect(await tuningsInStore(store).get('damaged')).toBeNull();
    await tuningsInStore(store).put('damaged', blocking);
    expect(await tuningsInStore(store).get('damaged')).toEqual(blocking);
  });

  it('is not kept in a store that has no room, which is logged and fails nothing', async () => {
    vi.spyOn(store, 'putOnce').mockRejectedValue(new Error('The bucket cache is full'));
    const warned = vi.spyOn(log, 'warn').mockImplementation(() => {});
    await tuningsInStore(store).put('other', blocking);
    expect(warned).toHaveBeenCalledWith(expect.any(String), {
      key: cacheKeys.tuning('other'),
      reason: 'The bucket cache is full',
    });
    vi.restoreAllMocks();
    expect(await tuningsInStore(store).get('other')).toBeNull();
  });
});
