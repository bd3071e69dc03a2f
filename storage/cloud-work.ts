import { CLOUD_WORK, cloudWorkKey, cloudWorkOf } from '../shared/keys.ts';
import type { Store } from './store.ts';

/** What a cloud's GPUs have worked in a month. */
export interface CloudWork {
  /** How often one was at a chunk. */
  times: number;
  seconds: number;
}

/** Notes how long a GPU of the cloud was at a chunk, whatever came of it: it is paid for all the same. */
export async function noteCloudWork(store: Store, item: string, seconds: number, now: Date): Promise<void> {
  await store.putOnce('jobs', cloudWorkKey(now, item, Math.ceil(seconds * 1000)), '{}');
}

/** All that was noted in the month that it is now, in UTC. */
export async function cloudWorkOfMonth(store: Store, now: Date): Promise<CloudWork> {
  const work = { times: 0, seconds: 0 };
  for await (const { key } of store.list('jobs', cloudWorkOf(now))) {
    work.times += 1;
    work.seconds += Number(/\.(\d+)\.json$/.exec(key)?.[1] ?? 0) / 1000;
  }
  return work;
}

/** Forgets what was worked before the last month, which somebody may still hold against their bill. */
export async function clearCloudWork(store: Store, now: Date): Promise<void> {
  const kept = cloudWorkOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)));
  for await (const { key } of store.list('jobs', CLOUD_WORK)) {
    // In order of key, which is that of the months.
    if (key >= kept) return;
    await store.delete('jobs', key);
  }
}
