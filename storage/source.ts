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
 * The sources that one piece of work reads, each of which must have the content it had when a job took it. Before the result is
 * kept under the name of that content, `verify` must have said that it is of it.
 */
export class Sources implements AsyncDisposable {
  readonly #store: Store;
  readonly #opened: { bucket: Bucket; clip: ClipRef; source: Source }[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Opens one, and gives what ffmpeg's `input()` takes.
   *
   * @throws {Refusal} when the file has been changed or taken away since.
   */
  async open(bucket: Bucket, clip: ClipRef): Promise<string> {
    await stillUnchanged(this.#store, bucket, clip);
    const source = await openSource(this.#store, bucket, clip.key);
    this.#opened.push({ bucket, clip, source });
    return source.input;
  }

  /**
   * Whoever read may not have noticed that something could not be read: ffmpeg takes it for the end of the file.
   *
   * @throws {Error} what went wrong with reading one of them.
   * @throws {Refusal} when one has been changed or taken away meanwhile.
   */
  async verify(): Promise<void> {
    for (const { bucket, clip, source } of this.#opened) {
      const broken = source.failure();
      if (broken) throw broken;
      await stillUnchanged(this.#store, bucket, clip);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#opened.map(({ source }) => source[Symbol.asyncDispose]()));
  }
}

async function stillUnchanged(store: Store, bucket: Bucket, { key, etag, file }: ClipRef): Promise<void> {
  const now = await store.stat(bucket, key);
  if (now?.etag === etag) return;
  throw new Refusal(
    `${file} was ${now ? 'changed' : 'taken away'} after the montage was begun: ask for the montage again`,
  );
}
