import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallFormat } from '../../../functions/upscale/chunk.ts';
import { makeChunk } from '../../../functions/upscale/make-chunk.ts';
import { type ChunkSpec, UPSCALER_VERSION } from '../../../shared/chunks.ts';
import { cacheKeys } from '../../../shared/keys.ts';
import { chunkHash } from '../../../shared/segment-hash.ts';
import { cloudWorkOfMonth } from '../../../storage/cloud-work.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { makeClip } from '../../media/clip.ts';
import { nearest } from './video/nearest.ts';

const spec: ChunkSpec = {
  ...{ upscalerVersion: UPSCALER_VERSION, segment: 'd'.repeat(64), fromFrame: 0, frames: 3 },
  ...{ upscale: { scale: 2, model: 'slim', onCpu: true }, width: 320, height: 180, frameRate: '25/1' },
  ...{ crf: 20, preset: 'medium', grain: [{ frames: 3, level: 0 }] },
};
const item = chunkHash(spec);
const never = () => new Promise<never>(() => {});

let folder: string;
let store: FolderStore;
let dropped: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-make-chunk-'));
  store = new FolderStore(join(folder, 'data'));
  await store.prepare();
  dropped = 0;
  const { path } = await makeClip(folder, { name: 's.mp4', width: 160, height: 90, seconds: 1, audio: null });
  await store.putFileOnce('cache', cacheKeys.segment(spec.segment), path);
});
afterEach(() => rm(folder, { recursive: true }));

const kept = {
  open: async () => nearest(smallFormat(spec), 2),
  drop: async () => {
    dropped++;
  },
};
const making = (of: Partial<Parameters<typeof makeChunk>[1]> = {}) =>
  makeChunk(spec, { store, item, folder, kept, pool: 'own', signal: new AbortController().signal, ...of });
/** The store, but for what is given. */
const storeWith = (of: Partial<FolderStore>) =>
  new Proxy(store, { get: (_, name) => Reflect.get(of, name) ?? Reflect.get(store, name).bind(store) });

describe('making a chunk', () => {
  it('stores it by its name, and says how long that took', async () => {
    expect(await making()).toBeGreaterThan(0);
    expect((await store.stat('cache', cacheKeys.segment(item)))?.size).toBeGreaterThan(500);
    expect(dropped).toBe(0);
  });

  it.each([
    ['its segment to be fetched', { localPath: never }],
    ['it to be stored', { putFileOnce: never }],
  ] as const)('ends in time when it waits for %s', async (_what, of) => {
    await expect(making({ store: storeWith(of), mostSeconds: 1.5 })).rejects.toThrow('It took more than 1.5 s');
  });

  it('fails of what went wrong first, whatever goes wrong after it', async () => {
    const open = () => Promise.reject(new Error('The GPU is lost'));
    const drop = () => {
      dropped++;
      return Promise.reject(new Error('It can not be closed'));
    };
    const full = storeWith({ putOnce: () => Promise.reject(new Error('The store is full')) });
    await expect(making({ store: full, kept: { open, drop }, pool: 'cloud' })).rejects.toThrow('The GPU is lost');
    expect(dropped).toBe(1);
    await expect(making({ kept: { open, drop }, pool: 'cloud' })).rejects.toThrow('The GPU is lost');
    expect((await cloudWorkOfMonth(store, new Date())).times).toBe(1);
  });

  it('succeeds in the cloud, too, when only its note of that fails', async () => {
    const full = storeWith({ putOnce: () => Promise.reject(new Error('The store is full')) });
    await making({ store: full, pool: 'cloud' });
    expect(await store.stat('cache', cacheKeys.segment(item))).not.toBeNull();
  });
});
