import { ZodError, type z } from 'zod';
import type { Bucket } from '../shared/keys.ts';
import { log } from '../shared/log.ts';
import { sentenceOf } from '../shared/refusal.ts';
import { NoSuchObject, type Store } from './store.ts';

/** A small object's content as JSON, for a schema to parse. */
export async function readJson(store: Store, bucket: Bucket, key: string): Promise<unknown> {
  return JSON.parse((await store.read(bucket, key)).toString('utf8'));
}

/** The same; null where there is no such object. */
export const readJsonOrNull = (store: Store, bucket: Bucket, key: string): Promise<unknown> =>
  missingAsNull(readJson(store, bucket, key));

/** What is read; null where an object that it takes is not there, or not any more. */
export async function missingAsNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NoSuchObject) return null;
    throw error;
  }
}

/**
 * What somebody noted in `jobs`; null where nothing is, or nothing that can be read, which the log tells.
 *
 * @param what it is, as the log calls it: "a share".
 */
export async function readNote<T>(store: Store, key: string, schema: z.ZodType<T>, what: string): Promise<T | null> {
  try {
    const json = await readJsonOrNull(store, 'jobs', key);
    return json === null ? null : schema.parse(json);
  } catch (error) {
    if (!(error instanceof ZodError || error instanceof SyntaxError)) throw error;
    log.warn(`${what} can not be read`, { key, reason: sentenceOf(error) });
    return null;
  }
}
