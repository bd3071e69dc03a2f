import type { Bucket } from '../shared/keys.ts';
import type { Store } from './store.ts';

/** A small object's content as JSON, for a schema to parse. */
export async function readJson(store: Store, bucket: Bucket, key: string): Promise<unknown> {
  return JSON.parse((await store.read(bucket, key)).toString('utf8'));
}
