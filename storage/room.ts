import { log } from '../shared/log.ts';
import type { ObjectInfo, Store } from './store.ts';

/** Shares of the cache's quota: above the first, segments go until the second is reached. */
const FULL = 0.8;
const ROOMY = 0.6;
const DAY_MS = 24 * 3600 * 1000;

/**
 * Deletes the oldest rendered segments of a cache that is nearly full: once it is, the store refuses leases too, and all work stops.
 * Those of the last day stay, since a job may be waiting for them.
 */
export async function makeRoom(store: Store, quotaBytes: number, now: Date): Promise<void> {
  const segments: ObjectInfo[] = [];
  let bytes = 0;
  for await (const object of store.list('cache', '')) {
    bytes += object.size;
    if (object.key.startsWith('segments/')) segments.push(object);
  }
  if (bytes <= FULL * quotaBytes) return;
  const old = segments
    .filter(({ lastModified }) => now.getTime() - lastModified.getTime() > DAY_MS)
    .sort((a, b) => a.lastModified.getTime() - b.lastModified.getTime());
  let deleted = 0;
  for (const { key, size } of old) {
    if (bytes <= ROOMY * quotaBytes) break;
    await store.delete('cache', key);
    bytes -= size;
    deleted += 1;
  }
  if (bytes > FULL * quotaBytes) log.warn('the cache is nearly full of what is still needed', { bytes, quotaBytes });
  log.info('old segments were deleted to make room', { deleted, bytes });
}
