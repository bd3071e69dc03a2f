import { statfs } from 'node:fs/promises';
import { FolderStore } from './folder.ts';
import type { Store } from './store.ts';

/** Bytes that the disk of a folder has left for whoever runs Montage; null for a store that isn't a folder. */
export async function freeBytes(store: Store): Promise<number | null> {
  if (!(store instanceof FolderStore)) return null;
  const { bavail, bsize } = await statfs(store.root);
  return bavail * bsize;
}
