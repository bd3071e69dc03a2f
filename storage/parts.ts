import type { Bucket } from '../shared/keys.ts';
import type { Cut } from '../shared/parts.ts';
import type { ObjectInfo } from './store.ts';

/** An object that is being sent in parts. */
export interface PartedObject extends Cut {
  bucket: Bucket;
  key: string;
  /** What the store calls this sending; another one of the same object has another. */
  sending: string;
}

/** A part that lies in the store. */
export interface ArrivedPart {
  number: number;
  bytes: number;
  /** Of its bytes, in lower-case hex. The store has compared it with what arrived. */
  sha256: string;
  /** What the store calls its content. */
  etag: string;
  arrivedAt: Date;
}

/**
 * Objects that arrive in parts, in any order, several at once, each as often as it likes: the last that was whole counts. A sibling of
 * `Store`; both drivers pass the same contract test. Parts are no object: until all of them are made into one, no reader sees anything.
 */
export interface Parts {
  /** Begins to take parts of an object; gives its `sending`. */
  begin(bucket: Bucket, key: string, bytes: number): Promise<string>;
  /**
   * A URL to PUT one part to, for a while, without any other right. The part's SHA-256 must come with it, in base64, as the header
   * `x-amz-checksum-sha256`: what arrives otherwise is refused, and leaves what was there.
   */
  url(object: PartedObject, number: number, expiresSeconds: number): Promise<string>;
  /** What has arrived, by number; null where there is no such sending: it was completed, given up or is too old. */
  list(object: PartedObject): Promise<ArrivedPart[] | null>;
  /**
   * Makes the object of all its parts, which are those of `list`: whole or not at all, and only if the key isn't taken. Returns its
   * info, or null when it was there already; the parts then stay.
   */
  complete(object: PartedObject, parts: readonly ArrivedPart[]): Promise<ObjectInfo | null>;
  /** Forgets the sending and its parts; without complaint when there is none. */
  abort(object: PartedObject): Promise<void>;
}

/** Parts were sent again while they were being made into an object. */
export class PartsChanged extends Error {
  override readonly name = 'PartsChanged';
  constructor(key: string) {
    super(`Parts of ${key} arrived while it was being put together: complete it again`);
  }
}

/** The header that brings a part's SHA-256. */
export const CHECKSUM_HEADER = 'x-amz-checksum-sha256';
