import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { ObjectRef } from '../shared/events.ts';
import { isOpen, leaseItem } from '../shared/job.ts';
import { jobDeletedKey, type Leased, type Pool, recognise, revisionKeys, type Stage } from '../shared/keys.ts';
import { log } from '../shared/log.ts';
import { Refusal } from '../shared/refusal.ts';
import { failJob, findJob } from './jobs.ts';
import { takeLease } from './lease.ts';
import { readJson } from './read-json.ts';
import type { Store } from './store.ts';

const CANCEL_CHECK_MS = 1000;
const HOLDER = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;

/** A piece of work in hand: asked for by a request object of a job, held by a lease, stopped when the job is cancelled. */
export interface Work {
  job: string;
  revision: number;
  item: string;
  /** The request object's content. */
  body: unknown;
  /** Whose GPU it is asked of. */
  pool: Pool;
  /** Aborted when the job is cancelled or the lease is lost. */
  signal: AbortSignal;
}

/**
 * Does the work that a request object asks for, unless it is nobody's any more: the job is closed, or somebody else is at it.
 * A `Refusal` becomes the job's failure, but for one of a cloud's GPU, which only gives the work back: reconcile asks the own ones then.
 * Anything else that is thrown gives the work back and is thrown on, so that the event is delivered again.
 */
export async function takeWork(
  store: Store,
  request: ObjectRef,
  stage: Stage,
  perform: (work: Work) => Promise<void>,
): Promise<void> {
  const { job, revision: number, item, attempt, pool } = recognise(request.bucket, request.key)?.fields ?? {};
  if (!job || !number || !item || !attempt) throw new Error(`${request.key} is no request for work`);
  const revision = Number(number);
  const seen = await findJob(store, job);
  if (!seen || !isOpen(seen) || seen.revision !== revision) return;
  const body = await readJson(store, request.bucket, request.key);
  const unwanted = [revisionKeys(job, revision).cancelled, jobDeletedKey(job)];
  // Segments of a revision that has been changed are mostly those of the next one.
  if (stage === 'plan' || stage === 'assemble') unwanted.push(revisionKeys(job, revision + 1).edit);
  const isCloud = pool === 'cloud';
  const atWork = underLease(store, stage, leaseItem(stage, item, job, revision), request.key, async (lease) => {
    const cancel = new AbortController();
    const check = setInterval(() => {
      Promise.all(unwanted.map((key) => store.stat('jobs', key))).then(
        (found) => found.some(Boolean) && cancel.abort(new Error('The job was cancelled')),
        () => {},
      );
    }, CANCEL_CHECK_MS);
    try {
      await perform({
        job,
        revision,
        item,
        body,
        pool: isCloud ? 'cloud' : 'own',
        signal: AbortSignal.any([lease, cancel.signal]),
      });
    } catch (error) {
      if (cancel.signal.aborted) return;
      if (!(error instanceof Refusal) || isCloud) throw error;
      await failJob(store, job, revision, { stage, reason: error.message, item }, Number(attempt));
    } finally {
      clearInterval(check);
    }
  });
  await atWork.catch((error: unknown) => {
    if (!(error instanceof Refusal) || !isCloud) throw error;
    log.warn('the cloud can not do this, the own GPUs will be asked', { job, stage, item, reason: error.message });
  });
}

/**
 * Does a piece of work while holding its lease; steps back when somebody else is at it. The reason is the key of what asks for it.
 * After a failure the lease is given back rather than deleted: the broker will deliver again, so the work isn't lost.
 */
export async function underLease(
  store: Store,
  stage: Leased,
  item: string,
  reason: string,
  perform: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const lease = await takeLease(store, stage, item, HOLDER, { reason });
  if (!lease) {
    log.info('stepped back: somebody else is at it', { stage, item });
    return;
  }
  try {
    await perform(lease.signal);
  } catch (error) {
    await lease.giveBack();
    throw error;
  }
  await lease.done();
}
