import type { Bucket } from '../shared/keys.ts';
import { NoSuchObject, type Store } from './store.ts';

/** A small object's content as JSON, for a schema to parse. */
export async function readJson(store: Store, bucket: Bucket, key: string): Promise<unknown> {
  return JSON.parse((await store.read(bucket, key)).toString('utf8'));
}

/** The same; null where there is no such object. */
export async function readJsonOrNull(store: Store, bucket: Bucket, key: string): Promise<unknown> {
  return readJson(store, bucket, key).catch((error: unknown) => {
    if (error instanceof NoSuchObject) return null;
    throw error;
  });
}
