import { type Change, type Edit, EditSchema } from '../shared/edits/change.ts';
import type { ObservedJob } from '../shared/job.ts';
import { jobRequestKey, revisionKeys } from '../shared/keys.ts';
import { type JobRequest, JobRequestSchema } from '../shared/request.ts';
import { readJson } from './read-json.ts';
import { remembering } from './remembering.ts';
import type { Store } from './store.ts';

/** What makes a revision out of an earlier one, or null for the first. */
export const editOf = remembering(
  1000,
  (job: string, revision: number) => `${job} ${revision}`,
  async (store, job, revision): Promise<Edit | null> =>
    revision === 1 ? null : EditSchema.parse(await readJson(store, 'jobs', revisionKeys(job, revision).edit)),
);

/** Whether a revision is planned anew from its clips and song, rather than out of an earlier timeline alone. */
export async function replans(
  store: Store,
  { job, revision }: Pick<ObservedJob, 'job' | 'revision'>,
): Promise<boolean> {
  const edit = await editOf(store, job, revision);
  return edit === null || edit.changes.some(({ kind }) => kind === 'replan');
}

/** What a revision was ordered as: the job's request, with what was ordered otherwise on the way to it. */
export async function orderOf(store: Store, job: string, revision: number): Promise<JobRequest> {
  const edit = await editOf(store, job, revision);
  if (!edit) return JobRequestSchema.parse(await readJson(store, 'jobs', jobRequestKey(job)));
  return edit.changes.reduce(reordered, await orderOf(store, job, edit.from));
}

/** An order after a change. Another style comes with its own values: fields that were set by hand stay with the one they were set for. */
export function reordered(request: JobRequest, change: Change): JobRequest {
  if (change.kind !== 'replan') return request;
  const { style = request.style, set = style === request.style ? request.set : {}, ...rest } = change.order;
  const { quality = request.quality, seed = request.seed, ...optional } = rest;
  return { ...request, ...optional, style, set, quality, seed };
}
