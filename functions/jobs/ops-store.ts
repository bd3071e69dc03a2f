import type { BucketUse } from '../../shared/api/ops.ts';
import { BUCKETS, type Bucket } from '../../shared/keys.ts';
import { notedQuotas } from '../../storage/quotas.ts';
import type { Store } from '../../storage/store.ts';
import { seldom } from './seldom.ts';

/** How long a count is good enough, and how long one is waited for: a bucket of 100,000 objects takes about a minute on a slow disk. */
const REST_MS = 30_000;
const PATIENCE_MS = 2000;

const counters = BUCKETS.map((bucket) => ({
  bucket,
  count: seldom((store) => countObjects(store, bucket), { restMs: REST_MS, patienceMs: PATIENCE_MS }),
}));

async function countObjects(store: Store, bucket: Bucket): Promise<{ objects: number; bytes: number }> {
  let [objects, bytes] = [0, 0];
  for await (const { size } of store.list(bucket, '')) {
    objects += 1;
    bytes += size;
  }
  return { objects, bytes };
}

/** What each bucket holds, counted each on its own: one that takes long holds up no other. */
export async function bucketUse(store: Store): Promise<BucketUse[]> {
  const quotas = await notedQuotas(store);
  return Promise.all(
    counters.map(async ({ bucket, count }) => {
      const found = await count.look(store);
      const { objects = null, bytes = null } = found?.value ?? {};
      const countedAt = found?.at.toISOString() ?? null;
      return { bucket, objects, bytes, countedAt, quotaBytes: quotas[bucket] ?? null };
    }),
  );
}

/** Something was deleted: the next numbers are counted. */
export function countAnew(store: Store): void {
  for (const { count } of counters) count.forget(store);
}
