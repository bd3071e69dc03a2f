import type { ObservedJob } from '../../shared/job.ts';
import { jobDeletedKey, jobRequestKey, outputKeys } from '../../shared/keys.ts';
import { removeSharesOf } from '../../storage/shares.ts';
import type { Store } from '../../storage/store.ts';

/** How much was deleted. */
export interface Removed {
  objects: number;
  bytes: number;
}

/**
 * Removes a job, the links to it and all that it made. `deleted.json` comes first and stays: it stops the work and keeps the order from asking again.
 * The request goes last, so that a deletion that was broken off can be asked for again.
 */
export async function removeJob(
  store: Store,
  { job, revision: latest }: Pick<ObservedJob, 'job' | 'revision'>,
): Promise<Removed> {
  const removed = { objects: 0, bytes: 0 };
  const remove = async (bucket: 'jobs' | 'output', { key, size }: { key: string; size: number }) => {
    await store.delete(bucket, key);
    removed.objects += 1;
    removed.bytes += size;
  };
  const request = await store.stat('jobs', jobRequestKey(job));
  await store.putOnce('jobs', jobDeletedKey(job), '{}');
  await removeSharesOf(store, job);
  const kept = [jobDeletedKey(job), jobRequestKey(job)];
  for await (const object of store.list('jobs', `${job}/`))
    if (!kept.includes(object.key)) await remove('jobs', object);
  if (request) await remove('jobs', request);
  for (let revision = 1; revision <= latest; revision += 1)
    for await (const object of store.list('output', outputKeys(job, revision).root)) await remove('output', object);
  return removed;
}
