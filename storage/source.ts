import type { Bucket } from '../shared/keys.ts';
import { Refusal } from '../shared/refusal.ts';
import type { ClipRef } from '../shared/timeline.ts';
import { bridgeSource } from './byte-range-bridge.ts';
import { NoSuchObject, type Store } from './store.ts';

/** What ffmpeg can read an object from, without any other right: a path, or a URL on loopback that ends with the source. */
export interface Source extends AsyncDisposable {
  /** For `input()` of shared/media/ffmpeg.ts. */
  input: string;
  /** Why not all that was asked for could be read, though whoever read it may not have noticed; null while all is well. */
  failure(): Error | null;
}

/**
 * Opens an object where it lies, so that two seconds of a 10 GB clip cost two seconds: as a file where the store has one on this
 * machine, else through the byte-range bridge. Use it with `await using`.
 *
 * @throws {NoSuchObject}
 */
export async function openSource(store: Store, bucket: Bucket, key: string): Promise<Source> {
  const path = await store.localPath(bucket, key);
  if (path) return { input: path, failure: () => null, [Symbol.asyncDispose]: async () => {} };
  const object = await store.stat(bucket, key);
  if (!object) throw new NoSuchObject(bucket, key);
  const { url, close, failure } = await bridgeSource(store, object);
  return { input: url, failure, [Symbol.asyncDispose]: close };
}

/**
 * As `openSource`, for an object that must still have the content it had when a job took it. `stillUnchanged` is asked once
 * more when the work is done, before its result is kept under the name of that content.
 *
 * @throws {Refusal} when the file has been changed or taken away since.
 */
export async function openUnchanged(store: Store, bucket: Bucket, clip: ClipRef): Promise<Source> {
  await stillUnchanged(store, bucket, clip);
  return openSource(store, bucket, clip.key);
}

/** @throws {Refusal} when an object no longer has the content that a job took. */
export async function stillUnchanged(store: Store, bucket: Bucket, { key, etag, file }: ClipRef): Promise<void> {
  const now = await store.stat(bucket, key);
  if (now?.etag === etag) return;
  throw new Refusal(
    `${file} was ${now ? 'changed' : 'taken away'} after the montage was begun: ask for the montage again`,
  );
}
