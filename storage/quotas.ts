import type { Bucket } from '../shared/keys.ts';
import type { MinioStore } from './minio.ts';

const GIB = 2 ** 30;

/** How much each bucket may hold, in bytes; writing more is refused by the store. `jobs` holds little and must never be refused. */
export const QUOTAS: Readonly<Partial<Record<Bucket, number>>> = {
  input: 100 * GIB,
  music: 50 * GIB,
  cache: 50 * GIB,
  output: 100 * GIB,
};

/**
 * Sets the quotas of our buckets on a MinIO server, by its admin API, which knows no such call in S3.
 * Doing it again changes nothing.
 */
export async function setQuotas(store: MinioStore): Promise<void> {
  for (const [bucket, size] of Object.entries(QUOTAS) as [Bucket, number][]) {
    const query = `bucket=${encodeURIComponent(store.bucketName(bucket))}`;
    // The admin API lies beside the buckets and is signed as they are: https://github.com/minio/madmin-go, quota-commands.go.
    await store.client.makeRequestAsyncOmit(
      { method: 'PUT', bucketName: 'minio', objectName: 'admin/v3/set-bucket-quota', query },
      JSON.stringify({ size, quotatype: 'hard' }),
      [200],
      'us-east-1',
    );
  }
}
