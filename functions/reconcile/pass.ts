import { ZodError } from 'zod';
import type { Config } from '../../shared/config.ts';
import { isOpen, type ObservedJob } from '../../shared/job.ts';
import {
  jobDeletedKey,
  jobRequestKey,
  materialKeys,
  type Pool,
  recognise,
  revisionKeys,
  type Stage,
} from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { Refusal, sentenceOf } from '../../shared/refusal.ts';
import type { JobRequest } from '../../shared/request.ts';
import { montagePoint } from '../../shared/traces/derived.ts';
import { askedFor } from '../../shared/traces/spans.ts';
import { failJob, findJob } from '../../storage/jobs.ts';
import { leasesNow } from '../../storage/lease.ts';
import { notedJobs } from '../../storage/open-jobs.ts';
import { NoSuchObject, type Store } from '../../storage/store.ts';
import { type Missing, missing, type Step } from './missing.ts';
import { viewOf } from './observe.ts';
import { readOrder } from './order.ts';
import { chunksForCloud, openChunks } from './pools.ts';
import { lookAfterPreviews } from './previews.ts';
import { grant, windowSize } from './window.ts';

/** Pods that can work on a stage at once. Plans take a moment each and are never many. */
export function capacityOf(stage: Stage, config: Config): number {
  if (stage === 'render') return config.MONTAGE_CAPACITY_RENDER;
  if (stage === 'upscale') return config.MONTAGE_CAPACITY_UPSCALE;
  if (stage === 'assemble') return config.MONTAGE_CAPACITY_ASSEMBLE;
  return config.MONTAGE_CAPACITY_ANALYSE;
}

/** Turns an order that was dropped into the input bucket into its job; harmless when it already is one. */
export async function takeOrder(store: Store, key: string, etag: string): Promise<void> {
  const order = readOrder(key, etag, (await store.read('input', key)).toString('utf8'));
  if (!(await askForJob(store, order.job, order.request))) return;
  if (order.fault)
    await failJob(store, order.job, 1, {
      stage: 'reconcile',
      reason: order.fault,
    });
}

/** Writes a job's request, unless it is there; false where the job was deleted, which nobody asks for again. */
export async function askForJob(store: Store, job: string, request: JobRequest): Promise<boolean> {
  if (await store.stat('jobs', jobDeletedKey(job))) return false;
  if (await store.putOnce('jobs', jobRequestKey(job), JSON.stringify(request))) askedFor(montagePoint(job, 1));
  return true;
}

/** Takes every order in the input bucket that has no job yet: those whose event was lost. One that can't be read stops no other. */
export async function takeForgottenOrders(store: Store): Promise<void> {
  for await (const { key, etag } of store.list('input', '')) {
    if (recognise('input', key)?.kind.type !== 'ai.montage.order.dropped') continue;
    await takeOrder(store, key, etag).catch((error: unknown) => {
      log.warn('an order could not be taken', { key, reason: sentenceOf(error) });
    });
  }
}

/**
 * Looks at all jobs that are noted as open and writes what each of them lacks, within the windows of the stages; then looks again, as long as
 * what was written is no event that would wake somebody. What is nobody's work, previews of styles, is asked for when no job has any.
 *
 * @returns when to look again although nobody will be woken for it; null when there is nothing to wait for.
 */
export async function pass(store: Store, config: Config): Promise<Date | null> {
  for (;;) {
    const { more, until, busy } = await look(store, config);
    if (more) continue;
    await lookAfterPreviews(store, config, busy);
    return until;
  }
}

interface Looked {
  /** Whether another look would find more to do at once. */
  more: boolean;
  /** When one will find something that no event tells of. */
  until: Date | null;
  /** Whether anything is being done for a job, or soon will be: one that waits for what only a person can bring is not. */
  busy: boolean;
}

async function look(store: Store, config: Config): Promise<Looked> {
  const jobs = await notedJobs(store);
  if (jobs.length === 0) return { more: false, until: null, busy: false };
  const leases = await leasesNow(store);
  const world = {
    now: new Date(),
    leases,
    settleSeconds: config.MONTAGE_SETTLE_SECONDS,
    lostAfterSeconds: config.MONTAGE_LOST_AFTER_SECONDS,
    attempts: config.MONTAGE_ATTEMPTS,
  };
  const looks = await Promise.all(
    jobs.map((seen) =>
      viewOf(store, seen).then(
        (view) => [{ seen, found: missing(view, world) }],
        (error: unknown) => giveUpOn(store, seen, error),
      ),
    ),
  );
  const findings = looks.flat();
  const granted = grants(findings, config, await chunksForCloud(store, config, findings, world.now));
  let more = false;
  for (const { seen, found } of findings) {
    for (const step of found.steps) {
      const name = waitsForRoom(step) ? nameOf(seen.job, step) : null;
      const pool = name === null ? 'own' : granted.get(name);
      if (!pool || (name !== null && !granted.delete(name))) continue;
      await take(store, seen.job, seen.revision, step, pool);
      more ||= SILENT.has(step.kind);
    }
  }
  const [until = null] = findings.flatMap(({ found }) => found.until ?? []).sort((a, b) => a.getTime() - b.getTime());
  const busy = until !== null || findings.some(({ found }) => found.steps.length > 0 || found.open.length > 0);
  return { more, until, busy };
}

/**
 * One job that can't be looked at stops no other. What is wrong with its own objects won't pass, so it fails; one that is
 * being deleted loses objects while it is looked at; anything else is looked at again with the next event.
 */
async function giveUpOn(store: Store, { job, revision }: ObservedJob, error: unknown): Promise<[]> {
  const reason = sentenceOf(error);
  if (error instanceof Refusal || error instanceof ZodError || error instanceof SyntaxError) {
    const told =
      error instanceof Refusal ? reason : "What the job was asked for can't be read by this version of Montage";
    await failJob(store, job, revision, { stage: 'reconcile', reason: told });
  } else if (!(error instanceof NoSuchObject)) log.warn('a job could not be looked at', { job, reason });
  return [];
}

/** Steps whose objects are no events: what follows from them has to be looked for at once. */
const SILENT: ReadonlySet<Step['kind']> = new Set(['clips', 'music', 'reject']);

type Ask = Extract<Step, { kind: 'ask' }>;
const nameOf = (job: string, { stage, item }: Pick<Ask, 'stage' | 'item'>) => `${job} ${stage} ${item}`;

/** Whether it is new to the GPUs or the pods that it would be asked of. What came to nothing there keeps its place. */
const waitsForRoom = (step: Step): step is Ask =>
  step.kind === 'ask' && (step.attempt === 1 || step.afterCloud === true);

/** What may be asked for now of what waits for room, by job, stage and item, and whose GPUs are asked: a cloud's, `inCloud` chunks. */
function grants(findings: { seen: ObservedJob; found: Missing }[], config: Config, inCloud: number): Map<string, Pool> {
  const granted = new Map<string, Pool>();
  const jobs = findings.map((finding) => ({
    job: finding.seen.job,
    requests: finding.seen.requests,
    open: finding.found.open,
    openChunks: openChunks(finding),
    asks: finding.found.steps.filter(waitsForRoom),
  }));
  const share = (stage: Stage, pool: Pool, size: number) => {
    const queues = jobs.map(({ job, requests, open, openChunks, asks }) => ({
      job,
      open: stage === 'upscale' ? openChunks[pool] : open.filter((work) => work.stage === stage).length,
      asked: requests.filter((work) => work.stage === stage).length,
      names: asks
        // What came to nothing in the cloud is not asked of it again.
        .filter((ask) => ask.stage === stage && !(pool === 'cloud' && ask.afterCloud))
        .map((ask) => nameOf(job, ask))
        .filter((name) => !granted.has(name)),
    }));
    const room = pool === 'cloud' ? size + queues.reduce((sum, { open }) => sum + open, 0) : size;
    const shares = grant(
      queues.map(({ names, ...queue }) => ({ ...queue, waiting: names.length })),
      room,
    );
    for (const { job, names } of queues) for (const name of names.slice(0, shares.get(job))) granted.set(name, pool);
  };
  for (const stage of new Set(jobs.flatMap(({ asks }) => asks.map((ask) => ask.stage))))
    share(stage, 'own', windowSize(capacityOf(stage, config)));
  if (inCloud > 0) share('upscale', 'cloud', inCloud);
  return granted;
}

async function take(store: Store, job: string, revision: number, step: Step, pool: Pool): Promise<void> {
  const keys = revisionKeys(job, revision);
  const material = materialKeys(job);
  const put = (key: string, body: unknown) => store.putOnce('jobs', key, JSON.stringify(body));
  if (step.kind === 'clips') await put(material.clips, { clips: step.clips });
  else if (step.kind === 'music') await put(material.music, step.music);
  else if (step.kind === 'mark') await put(keys.marker(step.stage, step.hash), {});
  else if (step.kind === 'reject') await put(material.rejected(step.etag), step.rejection);
  else if (step.kind === 'fail') await failJob(store, job, revision, step.failure);
  else if (await stillOpen(store, job)) await put(keys.request(step.stage, step.item, step.attempt, pool), step.body);
}

async function stillOpen(store: Store, job: string): Promise<boolean> {
  const seen = await findJob(store, job);
  return seen !== null && isOpen(seen);
}
