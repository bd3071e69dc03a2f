import type { Readable } from 'node:stream';
import type { Bucket } from '../shared/keys.ts';
import type { Parts } from './parts.ts';

/** What is known of an object without reading it. */
export interface ObjectInfo {
  bucket: Bucket;
  key: string;
  /** By content: the same bytes have the same ETag. Lower-case hex, without quotes. */
  etag: string;
  size: number;
  /** When it arrived in the store. */
  lastModified: Date;
}

/** A new object, as `watch` reports it. */
export type Arrival = ObjectInfo;

export interface SignedUrlOptions {
  method: 'GET' | 'PUT';
  /** Seconds until it stops working, 1 to 604800. */
  expiresSeconds: number;
  /** For GET: the name under which a browser saves it, wherever the link is; without it, it is shown where it can be. */
  saveAs?: string;
}

/**
 * The object store, as far as Montage needs one. Both drivers pass the same contract test.
 *
 * Every write is whole or not at all: a reader never sees half an object, and a process that dies while writing leaves none.
 * A missing object is `NoSuchObject`; anything else that goes wrong throws and may pass when tried again.
 */
export interface Store {
  /** For objects that arrive in parts. */
  readonly parts: Parts;
  /** Writes an object unless the key is taken. Returns its info, or null when it was there already. */
  putOnce(bucket: Bucket, key: string, body: string | Uint8Array): Promise<ObjectInfo | null>;
  /** As `putOnce`, from a local file, which is left as it is. */
  putFileOnce(bucket: Bucket, key: string, path: string): Promise<ObjectInfo | null>;
  /**
   * Copies an object to another key of its bucket, without its content passing through here where the store can do so. What lies at
   * `to` stays, or becomes the same.
   */
  copy(bucket: Bucket, from: string, to: string): Promise<void>;
  /** Compare-and-set: replaces the object only if its ETag is still `etag`. Returns the new info, or null when it has changed or gone. */
  replace(bucket: Bucket, key: string, body: string | Uint8Array, etag: string): Promise<ObjectInfo | null>;
  /** The whole object; for small ones. */
  read(bucket: Bucket, key: string): Promise<Buffer>;
  /** The object from byte `start` to byte `end` inclusive, or to its end. */
  stream(bucket: Bucket, key: string, range?: { start: number; end?: number }): Promise<Readable>;
  /** Copies the object to a local file. */
  getFile(bucket: Bucket, key: string, path: string): Promise<void>;
  /** Info, or null when there is no such object. */
  stat(bucket: Bucket, key: string): Promise<ObjectInfo | null>;
  /** All objects whose key starts with `prefix`, in order of key (by UTF-8 bytes). */
  list(bucket: Bucket, prefix: string): AsyncIterable<ObjectInfo>;
  /** Removes the object; without complaint when it isn't there. */
  delete(bucket: Bucket, key: string): Promise<void>;
  /**
   * Reports objects that are created from now on (at least once each) until `signal` is aborted. Resolves once it watches.
   * A file that somebody is still copying into a folder is reported when it has stopped changing.
   */
  watch(buckets: readonly Bucket[], onArrival: (arrival: Arrival) => void, signal: AbortSignal): Promise<void>;
  /** A URL that lets its holder do one thing with one key for a while, without any other right. */
  signedUrl(bucket: Bucket, key: string, options: SignedUrlOptions): Promise<string>;
  /** The file an object lies in, where it lies in one on this machine, so that ffmpeg can read it in place; else null. */
  localPath(bucket: Bucket, key: string): Promise<string | null>;
  /** Makes the buckets where they are missing; throws with a sentence for a person when the store can't be used. */
  prepare(): Promise<void>;
}

export class NoSuchObject extends Error {
  override readonly name = 'NoSuchObject';
  constructor(bucket: Bucket, key: string) {
    super(`There is no object ${key} in bucket ${bucket}`);
  }
}
