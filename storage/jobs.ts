import { type Failure, isOpen, type ObservedJob, observeJob } from '../shared/job.ts';
import { revisionKeys } from '../shared/keys.ts';
import type { ObjectInfo, Store } from './store.ts';

/** A job as its objects stand, or null when there is none of that name. */
export async function findJob(store: Store, job: string): Promise<ObservedJob | null> {
  return (await findJobObjects(store, job))?.seen ?? null;
}

/** A job and its objects, or null when there is none of that name. */
export async function findJobObjects(store: Store, job: string): Promise<JobObjects | null> {
  const objects = await Array.fromAsync(store.list('jobs', `${job}/`));
  const seen = observeJob(job, objects);
  return seen && { seen, objects };
}

/** Every job in the store, in order of name. */
export async function allJobs(store: Store): Promise<ObservedJob[]> {
  return Array.fromAsync(jobsIn(store));
}

/** The jobs that have something left to do, in order of name. Holds no more than these, however many are finished. */
export async function openJobs(store: Store): Promise<ObservedJob[]> {
  const open: ObservedJob[] = [];
  for await (const job of jobsIn(store)) if (isOpen(job)) open.push(job);
  return open;
}

/** Every job, one after the other. */
async function* jobsIn(store: Store): AsyncGenerator<ObservedJob> {
  for await (const { seen } of jobsWithObjects(store)) yield seen;
}

/** A job, and the objects in `jobs` that it consists of. */
export interface JobObjects {
  seen: ObservedJob;
  objects: readonly ObjectInfo[];
}

/** One job after the other, in order of name: a list is in order of key, so a job's objects follow one another. */
export async function* jobsWithObjects(store: Store): AsyncGenerator<JobObjects> {
  let objects: ObjectInfo[] = [];
  let current = '';
  for await (const object of store.list('jobs', '')) {
    const job = object.key.split('/', 1)[0] as string;
    // Notes, hooks and shares, of which there may be many.
    if (job.startsWith('_')) continue;
    if (job !== current) {
      const seen = observeJob(current, objects);
      if (seen) yield { seen, objects };
      [current, objects] = [job, []];
    }
    objects.push(object);
  }
  const last = observeJob(current, objects);
  if (last) yield { seen: last, objects };
}

/**
 * Records that a revision can't go on, as the next free `failed-<k>.json`. A revision that has an unanswered failure keeps
 * that one: the first reason is the one that matters. `attempt` is that of the request that failed: if it was made before the
 * last retry, the failure is old news.
 */
export async function failJob(
  store: Store,
  job: string,
  revision: number,
  failure: Failure,
  attempt?: number,
): Promise<void> {
  const seen = await findJob(store, job);
  if (!seen || seen.revision !== revision || seen.failures > seen.retries) return;
  const failed = seen.requests.find(
    (request) => request.stage === failure.stage && request.item === failure.item && request.attempt === attempt,
  );
  if (failed && seen.retriedAt && failed.at < seen.retriedAt) return;
  await store.putOnce('jobs', revisionKeys(job, revision).failed(seen.failures + 1), JSON.stringify(failure));
}
