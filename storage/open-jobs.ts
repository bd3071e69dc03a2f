import { isOpen, type ObservedJob } from '../shared/job.ts';
import { OPEN_JOBS, openJobKey } from '../shared/keys.ts';
import { findJob, openJobs } from './jobs.ts';
import type { Store } from './store.ts';

/** Notes that a job may have something left to do. */
export async function noteJob(store: Store, job: string): Promise<void> {
  await store.putOnce('jobs', openJobKey(job), '');
}

/** Notes every job that has something left to do: those of which nobody was told. Looks through all that were ever made. */
export async function noteForgottenJobs(store: Store): Promise<void> {
  for (const { job } of await openJobs(store)) await noteJob(store, job);
}

/** The noted jobs that have something left to do, in order of name. What has ended is noted no longer. */
export async function notedJobs(store: Store): Promise<ObservedJob[]> {
  const names = (await Array.fromAsync(store.list('jobs', OPEN_JOBS))).map(({ key }) => key.slice(OPEN_JOBS.length));
  const jobs = await Promise.all(names.map((job) => openOrForgotten(store, job)));
  return jobs.filter((job) => job !== null);
}

async function openOrForgotten(store: Store, job: string): Promise<ObservedJob | null> {
  const seen = await findJob(store, job);
  if (seen && isOpen(seen)) return seen;
  await store.delete('jobs', openJobKey(job));
  // A retry or a change of it may have come in between, and found it noted.
  const again = await findJob(store, job);
  if (!again || !isOpen(again)) return null;
  await noteJob(store, job);
  return again;
}
