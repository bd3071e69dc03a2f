import { join } from 'node:path';
import { cacheKeys } from '../shared/keys.ts';
import type { Store } from './store.ts';

/** A segment or chunk as a local file: where it lies, or copied to `folder` from a store that isn't on this machine. */
export async function fileOfCache(store: Store, hash: string, folder: string): Promise<string> {
  const here = await store.localPath('cache', cacheKeys.segment(hash));
  const file = here ?? join(folder, `${hash}.mp4`);
  if (!here) await store.getFile('cache', cacheKeys.segment(hash), file);
  return file;
}

const AT_ONCE = 8;

/** All of these as local files, by their hashes. */
export async function filesOfCache(
  store: Store,
  hashes: Iterable<string>,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const waiting = new Set(hashes).values();
  const fetching = Array.from({ length: AT_ONCE }, async () => {
    for (const hash of waiting) files.set(hash, await fileOfCache(store, hash, folder));
  });
  await Promise.all(fetching);
  return files;
}
