import { randomUUID } from 'node:crypto';
import { firstIssue } from '../../shared/first-issue.ts';
import { type ObservedJob, stateOf } from '../../shared/job.ts';
import { jobId } from '../../shared/job-id.ts';
import { jobDeletedKey, jobRequestKey, outputKeys, revisionKeys } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import { JobRequestSchema } from '../../shared/request.ts';
import type { JobStatus } from '../../shared/status.ts';
import { parseStyle, resolveStyle } from '../../shared/styles/built-in.ts';
import { allJobs, findJob } from '../../storage/jobs.ts';
import { ownStyles } from '../../storage/own-styles.ts';
import type { Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Call, Reply } from './call.ts';
import { statusOf } from './status.ts';

async function jobNamed({ store, parameters }: Call): Promise<ObservedJob> {
  const seen = await findJob(store, parameters.job as string);
  if (!seen) throw new Problem(404, `There is no job ${parameters.job}`);
  return seen;
}

export async function createJob(call: Call): Promise<Reply> {
  const { store, body } = call;
  const request = JobRequestSchema.safeParse(body);
  if (!request.success) throw new Problem(400, firstIssue(request.error));
  // Refused now rather than after the analysis.
  resolveStyle(request.data.style, await ownStyles(store, parseStyle), request.data.set);
  const job = jobId(request.data.footageSet, call.header('Idempotency-Key') ?? randomUUID());
  if (await store.stat('jobs', jobDeletedKey(job))) {
    throw new Problem(409, `The job ${job} was deleted; ask again with another Idempotency-Key`);
  }
  const created = await store.putOnce('jobs', jobRequestKey(job), JSON.stringify(request.data));
  const seen = await findJob(store, job);
  if (!seen) throw new Problem(409, `The job ${job} is just being deleted; ask again with another Idempotency-Key`);
  return { status: created ? 201 : 200, body: await statusOf(store, seen) };
}

export async function listJobs({ store }: Call): Promise<Reply> {
  const jobs = (await allJobs(store)).sort((a, b) => b.requestedAt.getTime() - a.requestedAt.getTime());
  return {
    status: 200,
    body: { jobs: (await Promise.all(jobs.map((seen) => statusUnlessBroken(store, seen)))).flat() },
  };
}

/** One job whose objects can't be read hides no other. */
async function statusUnlessBroken(store: Store, seen: ObservedJob): Promise<JobStatus[]> {
  try {
    return [await statusOf(store, seen)];
  } catch (error) {
    log.warn('a job can not be shown', { job: seen.job, reason: sentenceOf(error) });
    return [];
  }
}

export async function showJob(call: Call): Promise<Reply> {
  return { status: 200, body: await statusOf(call.store, await jobNamed(call)) };
}

/** Cancelling what is cancelled is no mistake; cancelling what is finished is. */
export async function cancelJob(call: Call): Promise<Reply> {
  const seen = await jobNamed(call);
  if (seen.doneAt) throw new Problem(409, `The job ${seen.job} is done; there is nothing to cancel`);
  await call.store.putOnce('jobs', revisionKeys(seen.job, seen.revision).cancelled, '{}');
  return showJob(call);
}

export async function retryJob(call: Call): Promise<Reply> {
  const seen = await jobNamed(call);
  if (stateOf(seen) !== 'failed')
    throw new Problem(409, `The job ${seen.job} is ${stateOf(seen)}; only a failed job can be retried`);
  await call.store.putOnce('jobs', revisionKeys(seen.job, seen.revision).retry(seen.failures), '{}');
  return showJob(call);
}

/**
 * `deleted.json` comes first and stays: it stops the work and keeps the order from asking again. The request goes last, so
 * that a deletion that was broken off can be asked for again.
 */
export async function deleteJob(call: Call): Promise<Reply> {
  const { store } = call;
  const { job, revision: latest } = await jobNamed(call);
  await store.putOnce('jobs', jobDeletedKey(job), '{}');
  const kept = [jobDeletedKey(job), jobRequestKey(job)];
  for await (const { key } of store.list('jobs', `${job}/`)) {
    if (!kept.includes(key)) await store.delete('jobs', key);
  }
  await store.delete('jobs', jobRequestKey(job));
  for (let revision = 1; revision <= latest; revision += 1) {
    for await (const { key } of store.list('output', outputKeys(job, revision).root)) await store.delete('output', key);
  }
  return { status: 204 };
}
