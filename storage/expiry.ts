import type { Config } from '../shared/config.ts';
import type { MinioStore } from './minio.ts';

/**
 * Has the store delete rendered segments by itself some days after they were made, so that a cache that is never looked after
 * doesn't fill up, which would stop all work. A montage that needs one again has it rendered again. Doing it again changes nothing.
 */
export async function setExpiry(
  store: MinioStore,
  { MONTAGE_SEGMENT_DAYS: days }: Pick<Config, 'MONTAGE_SEGMENT_DAYS'>,
): Promise<void> {
  await store.client.setBucketLifecycle(store.bucketName('cache'), {
    Rule: [
      { ID: 'segments', Status: 'Enabled', Filter: { Prefix: 'segments/' }, Expiration: { Days: days } },
      // Whose holder was killed at the end of a job: nobody takes such a lease, and each look reads it.
      { ID: 'leases', Status: 'Enabled', Filter: { Prefix: 'leases/' }, Expiration: { Days: 1 } },
    ],
  });
}
