import { z } from 'zod';
import type { Config } from '../shared/config.ts';
import { type Bucket, BucketSchema, QUOTAS_KEY } from '../shared/keys.ts';
import type { MinioStore } from './minio.ts';
import { callAdmin } from './minio-admin.ts';
import { readJsonOrNull } from './read-json.ts';
import type { Store } from './store.ts';

const GIB = 2 ** 30;

/** Each bucket's share of the space there is; writing more is refused by the store. `jobs` holds little and must never be refused. */
const SHARES: Readonly<Partial<Record<Bucket, number>>> = { input: 2 / 6, music: 1 / 6, cache: 1 / 6, output: 2 / 6 };

/** `_store/quotas.json`: bytes that each bucket may hold. */
const QuotasSchema = z.partialRecord(BucketSchema, z.number().int().nonnegative());
type Quotas = z.infer<typeof QuotasSchema>;

/** Bytes that a bucket may hold, of the GiB that there are for all. */
export const quotaBytes = (bucket: keyof typeof SHARES, gib: number): number =>
  Math.floor((SHARES[bucket] ?? 0) * gib * GIB);

/**
 * Sets the quotas of our buckets on a MinIO server, by its admin API, which knows no such call in S3.
 * Doing it again changes nothing.
 */
export async function setQuotas(
  store: MinioStore,
  { MONTAGE_STORE_GIB: all }: Pick<Config, 'MONTAGE_STORE_GIB'>,
): Promise<void> {
  for (const bucket of Object.keys(SHARES) as Bucket[]) {
    const size = quotaBytes(bucket, all);
    const quota = JSON.stringify({ size, quotatype: 'hard' });
    await callAdmin(store, 'set-bucket-quota', { bucket: store.bucketName(bucket) }, quota);
  }
  await noteQuotas(store, all);
}

/** Notes the limits where functions can read them, which have no right to ask the store for them. */
async function noteQuotas(store: Store, gib: number): Promise<void> {
  const limits = Object.fromEntries(
    (Object.keys(SHARES) as Bucket[]).map((bucket) => [bucket, quotaBytes(bucket, gib)]),
  );
  await store.delete('jobs', QUOTAS_KEY);
  await store.putOnce('jobs', QUOTAS_KEY, JSON.stringify(limits));
}

/** Bytes that each bucket may hold, as the store was last told; none where it never was. */
export async function notedQuotas(store: Store): Promise<Quotas> {
  return QuotasSchema.parse((await readJsonOrNull(store, 'jobs', QUOTAS_KEY)) ?? {});
}
