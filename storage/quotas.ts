import type { Config } from '../shared/config.ts';
import type { Bucket } from '../shared/keys.ts';
import type { MinioStore } from './minio.ts';
import { callAdmin } from './minio-admin.ts';

const GIB = 2 ** 30;

/** Each bucket's share of the space there is; writing more is refused by the store. `jobs` holds little and must never be refused. */
const SHARES: Readonly<Partial<Record<Bucket, number>>> = { input: 2 / 6, music: 1 / 6, cache: 1 / 6, output: 2 / 6 };

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
}
