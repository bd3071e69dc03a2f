import { createHash } from 'node:crypto';
import { sampleHead, samplesOf } from '../shared/content-id.ts';
import type { Bucket } from '../shared/keys.ts';
import { remembering } from './remembering.ts';
import { NoSuchObject, type ObjectInfo, type Store } from './store.ts';

/** The content id of an object, as whoever has the file knows it: three mebibytes are read. An ETag has the same content for good. */
export const contentOf = remembering(
  10_000,
  ({ etag }: ObjectInfo) => etag,
  async (store, { bucket, key, size }) => {
    const hash = createHash('sha256').update(sampleHead(size));
    for (const { start, end } of samplesOf(size)) {
      if (end === start) continue;
      for await (const chunk of await store.stream(bucket, key, { start, end: end - 1 })) hash.update(chunk as Buffer);
    }
    return hash.digest('hex');
  },
);

/**
 * The object below `prefix` that has this content, however it came there and whatever it is called; null where there is none.
 * Only what is as large is looked at.
 */
export async function findContent(
  store: Store,
  bucket: Bucket,
  prefix: string,
  { bytes, content }: { bytes: number; content: string },
  counts: (object: ObjectInfo) => boolean,
): Promise<ObjectInfo | null> {
  for await (const object of store.list(bucket, prefix)) {
    if (object.size === bytes && counts(object) && (await isContent(store, object, content))) return object;
  }
  return null;
}

async function isContent(store: Store, object: ObjectInfo, content: string): Promise<boolean> {
  try {
    return (await contentOf(store, object)) === content;
  } catch (error) {
    // It was taken away since it was listed.
    if (error instanceof NoSuchObject) return false;
    throw error;
  }
}
