import type { Owner } from '../../../../shared/owner.ts';
import type { Origin } from './file-origin.ts';
import type { Upload } from './upload-queue.ts';

/** For whom something is kept: whoever was signed in, all where nobody had to be, or whoever comes, where it wasn't known yet. */
export type Keeper = Owner | 'everybody' | 'unknown';

/** What this browser keeps of an upload until it is in the store, so that it goes on when the page was closed or broke down. */
export interface KeptUpload extends Pick<Upload, 'bucket' | 'set' | 'path' | 'bytes' | 'key' | 'partUpload'> {
  readonly origin: Origin | null;
  readonly owner: Keeper;
  /** Milliseconds since 1970. */
  readonly keptAt: number;
}

/** As long as the server keeps the parts of an upload that nobody goes on with. */
const KEPT_MS = 24 * 3600 * 1000;
const UPLOADS = 'uploads';

let database: Promise<IDBDatabase | null> | undefined;

/** Null where the browser keeps nothing, as in some private windows. */
function opened(): Promise<IDBDatabase | null> {
  database ??= new Promise((resolve) => {
    try {
      const request = indexedDB.open('montage', 1);
      request.onupgradeneeded = () => request.result.createObjectStore(UPLOADS);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
  return database;
}

async function ask<T>(
  mode: IDBTransactionMode,
  question: (uploads: IDBObjectStore) => IDBRequest<T>,
): Promise<T | null> {
  const known = await opened();
  return new Promise((resolve) => {
    try {
      if (!known) return resolve(null);
      const request = question(known.transaction(UPLOADS, mode).objectStore(UPLOADS));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      // What can't be kept has to be dropped again.
      resolve(null);
    }
  });
}

/** What an upload is called here: the same file for the same place is the same. */
export const nameOf = ({ bucket, set, path, bytes }: Pick<Upload, 'bucket' | 'set' | 'path' | 'bytes'>): string =>
  JSON.stringify([bucket, set, path, bytes]);

/** Several people may use one browser, one after the other. */
const keyOf = (owner: Keeper, name: string): string => (owner === 'everybody' ? name : `${owner} ${name}`);

export async function keep(upload: Omit<KeptUpload, 'keptAt'>): Promise<void> {
  const key = keyOf(upload.owner, nameOf(upload));
  await ask('readwrite', (uploads) => uploads.put({ ...upload, keptAt: Date.now() }, key));
}

/** Forgets an upload of somebody by its name. */
export async function forget(owner: Keeper, name: string): Promise<void> {
  await ask('readwrite', (uploads) => uploads.delete(keyOf(owner, name)));
}

/** What was kept for somebody and isn't too old, in the order of keeping. */
export async function allKept(whose: Keeper): Promise<KeptUpload[]> {
  const all = (await ask<KeptUpload[]>('readonly', (uploads) => uploads.getAll())) ?? [];
  const isFresh = ({ keptAt }: KeptUpload) => Date.now() - keptAt < KEPT_MS;
  await Promise.all(all.filter((each) => !isFresh(each)).map((each) => forget(keeperOf(each), nameOf(each))));
  const isTheirs = (each: KeptUpload) => [whose, 'unknown'].includes(keeperOf(each));
  return all.filter((each) => isFresh(each) && isTheirs(each)).sort((a, b) => a.keptAt - b.keptAt);
}

/** Those of an older page say nothing of it. */
const keeperOf = ({ owner }: Partial<KeptUpload>): Keeper => owner ?? 'everybody';
