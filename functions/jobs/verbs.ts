import { randomUUID } from 'node:crypto';
import { type ObservedJob, stateOf } from '../../shared/job.ts';
import { jobId } from '../../shared/job-id.ts';
import { jobDeletedKey, jobRequestKey, revisionKeys } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { ownerOfName } from '../../shared/owner.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import type { JobStatus } from '../../shared/status.ts';
import { parseStyle, resolveStyle } from '../../shared/styles/built-in.ts';
import { montagePoint } from '../../shared/traces/derived.ts';
import { askedFor } from '../../shared/traces/spans.ts';
import { allJobs, findJob } from '../../storage/jobs.ts';
import { ownStyles } from '../../storage/own-styles.ts';
import { NotYours } from '../../storage/owned.ts';
import type { Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { pageOf } from './cursor.ts';
import { removeJob } from './deletion.ts';
import { statusOf } from './status.ts';

interface Named {
  store: Store;
  parameters: { job: string };
}

async function jobNamed({ store, parameters: { job } }: Named): Promise<ObservedJob> {
  const seen = await findJob(store, job);
  if (!seen) throw new Problem(404, `There is no job ${job}`);
  return seen;
}

const nowOf = async (named: Named) => statusOf(named.store, await jobNamed(named));

export const createJob: Handler<'createJob'> = async ({ store, user, body: request, header }) => {
  // A job's id can look like one's own though its set is nobody's.
  const owner = user?.owner ?? null;
  if (owner !== null && ownerOfName(request.footageSet) !== owner) throw new NotYours(owner, request.footageSet);
  // Refused now rather than after the analysis.
  resolveStyle(request.style, await ownStyles(store, parseStyle), request.set);
  const job = jobId(request.footageSet, header('Idempotency-Key') ?? randomUUID());
  if (await store.stat('jobs', jobDeletedKey(job))) {
    throw new Problem(409, `The job ${job} was deleted; ask again with another Idempotency-Key`);
  }
  const created = await store.putOnce('jobs', jobRequestKey(job), JSON.stringify(request));
  if (created) askedFor(montagePoint(job, 1));
  const seen = await findJob(store, job);
  if (!seen) throw new Problem(409, `The job ${job} is just being deleted; ask again with another Idempotency-Key`);
  return { status: created ? 201 : 200, body: await statusOf(store, seen) };
};

export const listJobs: Handler<'listJobs'> = async ({ store, query }) => {
  const { items, next } = pageOf(await allJobs(store), newestFirst, query);
  const jobs = (await Promise.all(items.map((seen) => statusUnlessBroken(store, seen)))).flat();
  return { status: 200, body: { jobs, next } };
};

/** Names in whose order the newest job comes first. */
const newestFirst = ({ job, requestedAt }: ObservedJob) =>
  `${String(Number.MAX_SAFE_INTEGER - requestedAt.getTime()).padStart(16, '0')}/${job}`;

/** One job whose objects can't be read hides no other. */
async function statusUnlessBroken(store: Store, seen: ObservedJob): Promise<JobStatus[]> {
  try {
    return [await statusOf(store, seen)];
  } catch (error) {
    log.warn('a job can not be shown', { job: seen.job, reason: sentenceOf(error) });
    return [];
  }
}

export const showJob: Handler<'showJob'> = async (call) => ({ status: 200, body: await nowOf(call) });

/** Cancelling what is cancelled is no mistake; cancelling what is finished is. */
export const cancelJob: Handler<'cancelJob'> = async (call) => {
  const seen = await jobNamed(call);
  if (seen.doneAt) throw new Problem(409, `The job ${seen.job} is done; there is nothing to cancel`);
  await call.store.putOnce('jobs', revisionKeys(seen.job, seen.revision).cancelled, '{}');
  return { status: 200, body: await nowOf(call) };
};

export const retryJob: Handler<'retryJob'> = async (call) => {
  const seen = await jobNamed(call);
  if (stateOf(seen) !== 'failed')
    throw new Problem(409, `The job ${seen.job} is ${stateOf(seen)}; only a failed job can be retried`);
  await call.store.putOnce('jobs', revisionKeys(seen.job, seen.revision).retry(seen.failures), '{}');
  return { status: 200, body: await nowOf(call) };
};

export const deleteJob: Handler<'deleteJob'> = async (call) => {
  await removeJob(call.store, await jobNamed(call));
  return { status: 204 };
};
