import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FolderStore } from '../../storage/folder.ts';
import { MinioStore } from '../../storage/minio.ts';
import { ownedBy } from '../../storage/owned.ts';
import { NoSuchObject, type Store } from '../../storage/store.ts';

const ANN = '0123456789ab';
const OTHERS = 'ba9876543210~Holiday/beach.mp4';
const away = new AbortController();

/** What each way into the store does with what is somebody else's. A new one doesn't compile before it is said here. */
const TRIES: { readonly [Method in Exclude<keyof Store, 'parts' | 'prepare'>]: (store: Store) => unknown } = {
  putOnce: (store) => store.putOnce('input', OTHERS, 'mine'),
  putFileOnce: (store) => store.putFileOnce('input', OTHERS, import.meta.filename),
  copy: (store) => store.copy('input', OTHERS, `${ANN}~Holiday/beach.mp4`),
  replace: (store) => store.replace('input', OTHERS, 'mine', 'etag'),
  read: (store) => store.read('input', OTHERS),
  stream: (store) => store.stream('input', OTHERS),
  getFile: (store) => store.getFile('input', OTHERS, join(tmpdir(), 'never')),
  stat: (store) => store.stat('input', OTHERS),
  list: (store) => Array.fromAsync(store.list('input', '')),
  delete: (store) => store.delete('input', OTHERS),
  watch: (store) => store.watch(['input'], (arrival) => expect(arrival.key).not.toBe(OTHERS), away.signal),
  signedUrl: (store) => store.signedUrl('input', OTHERS, { method: 'GET', expiresSeconds: 60 }),
  localPath: (store) => store.localPath('input', OTHERS),
};

it('The store as one person has it gives and takes nothing of another’s, by whatever method', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'montage-owned-'));
  try {
    const store = new FolderStore(folder);
    await store.prepare();
    await store.putOnce('input', OTHERS, 'theirs');
    const own = ownedBy(store, ANN);
    const nothing: unknown[] = [null, undefined];
    for (const [method, attempt] of Object.entries(TRIES)) {
      const came = await Promise.resolve(attempt(own)).catch((error: unknown) => error);
      const refused = came instanceof NoSuchObject || (came as Error)?.message?.includes('is not yours');
      expect([method, refused || nothing.includes(came) || (Array.isArray(came) && came.length === 0)]).toEqual([
        method,
        true,
      ]);
    }
    expect((await store.read('input', OTHERS)).toString()).toBe('theirs');
  } finally {
    away.abort();
    await rm(folder, { recursive: true });
  }
});

it('The store as one person has it can do nothing that its driver alone can, which nobody guards', () => {
  const minio = new MinioStore({ url: 'http://127.0.0.1:9', accessKey: 'a', secretKey: 'b' } as never);
  for (const store of [new FolderStore('/nowhere'), minio]) {
    const own = ownedBy(store, ANN) as unknown as Record<string, unknown>;
    const guarded = new Set([...Object.keys(TRIES), 'parts', 'prepare', 'constructor']);
    const beyond = [...Object.keys(store), ...Object.getOwnPropertyNames(Object.getPrototypeOf(store))].filter(
      (name) => !guarded.has(name),
    );
    expect(beyond.length).toBeGreaterThan(0);
    for (const name of beyond) expect([name, own[name]]).toEqual([name, name === 'root' ? '/nowhere' : undefined]);
  }
});
