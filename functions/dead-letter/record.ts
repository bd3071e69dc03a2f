import type { ObjectRef } from '../../shared/events.ts';
import { AnalysisRequestSchema, type Failure, type ObservedJob, STAGE_WORDS } from '../../shared/job.ts';
import { materialKeys, recognise, type Stage, StageSchema } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { failJob, findJob } from '../../storage/jobs.ts';
import { failPreview } from '../../storage/previews.ts';
import { readJson } from '../../storage/read-json.ts';
import type { Store } from '../../storage/store.ts';

/**
 * Writes down that the work of an event was tried until retries ran out. A clip that can't be looked at is left out of the
 * job; anything else fails it, but for what was asked of a cloud's GPUs, which reconcile asks of the own ones, and for what has been made
 * or asked for again since. `because` is what the function itself said, where that is known.
 * A preview that can't be made is noted, so that it isn't asked for at once. Any other event of no job has nobody to tell but the log.
 */
export async function recordDeadLetter(store: Store, object: ObjectRef, because: string | null): Promise<void> {
  const fields = recognise(object.bucket, object.key)?.fields;
  if (object.bucket === 'jobs' && fields?.preview && fields.attempt) {
    log.error('gave up on the preview of a style', { preview: fields.preview, reason: because });
    return failPreview(store, fields.preview, because ?? 'It failed again and again', new Date());
  }
  if (object.bucket !== 'jobs' || !fields?.job || !fields.revision) {
    log.error('gave up on an object', {
      bucket: object.bucket,
      key: object.key,
    });
    return;
  }
  const revision = Number(fields.revision);
  const said = because ? ` (${because})` : '';
  const stage = StageSchema.safeParse(object.key.split('/')[3]).data;
  const attempt = Number(fields.attempt);
  if (fields.pool === 'cloud') {
    log.warn('gave up on the cloud, the own GPUs will be asked', {
      job: fields.job,
      item: fields.item,
      reason: because,
    });
    return;
  }
  const seen = await findJob(store, fields.job);
  if (seen?.revision === revision && stage && fields.item && isOldNews(seen, stage, fields.item, attempt)) {
    log.info('what was given up is no longer waited for', { job: fields.job, stage, item: fields.item, attempt });
    return;
  }
  if (stage === 'analyze-footage') {
    const { key, etag } = AnalysisRequestSchema.parse(await readJson(store, 'jobs', object.key));
    const rejection = {
      file: key.slice(key.indexOf('/') + 1),
      reason: `Looking at it failed again and again${said}, so it was left out.`,
    };
    await store.putOnce('jobs', materialKeys(fields.job).rejected(etag), JSON.stringify(rejection));
    return;
  }
  const failure: Failure = {
    stage: stage ?? 'reconcile',
    reason: `${stage ? STAGE_WORDS[stage] : 'Keeping the job going'} failed again and again${said}; mend the cause, then retry the job`,
    ...(fields.item ? { item: fields.item } : {}),
    deadLetter: true,
  };
  await failJob(store, fields.job, revision, failure, attempt);
}

/** Whether an attempt's work has been done meanwhile, or is in the hands of a later one. */
function isOldNews(
  { rendered, upscaled, requests }: ObservedJob,
  stage: Stage,
  item: string,
  attempt: number,
): boolean {
  const marked = { render: rendered, upscale: upscaled } as Partial<Record<Stage, ReadonlyMap<string, Date>>>;
  if (marked[stage]?.has(item)) return true;
  return requests.some((request) => request.stage === stage && request.item === item && request.attempt > attempt);
}
