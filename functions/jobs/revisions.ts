import { isDeepStrictEqual } from 'node:util';
import type { Revision } from '../../shared/api/revisions.ts';
import { applyChange } from '../../shared/edits/apply.ts';
import type { Edit } from '../../shared/edits/change.ts';
import { fromOtio } from '../../shared/exports/otio.ts';
import { jobRequestKey, revisionKeys } from '../../shared/keys.ts';
import { parseStyle, resolveStyle } from '../../shared/styles/built-in.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { montagePoint } from '../../shared/traces/derived.ts';
import { askedFor } from '../../shared/traces/spans.ts';
import { findJob } from '../../storage/jobs.ts';
import { ownStyles } from '../../storage/own-styles.ts';
import { editOf, orderOf, reordered } from '../../storage/revisions.ts';
import type { ObjectInfo, Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { statusOf } from './status.ts';

export const listRevisions: Handler<'listRevisions'> = async ({ store, parameters: { job } }) => {
  const objects = new Map<string, ObjectInfo>();
  for await (const object of store.list('jobs', `${job}/`)) objects.set(object.key, object);
  const requested = objects.get(jobRequestKey(job));
  if (!requested) throw new Problem(404, `There is no job ${job}`);
  const revisions: Revision[] = [];
  for (let revision = 1; ; revision += 1) {
    const keys = revisionKeys(job, revision);
    const asked = revision === 1 ? requested : objects.get(keys.edit);
    if (!asked) return { status: 200, body: { revisions } };
    const edit = await editOf(store, job, revision);
    revisions.push({
      revision,
      from: edit?.from ?? null,
      changes: edit?.changes ?? [],
      createdAt: asked.lastModified.toISOString(),
      planned: objects.has(keys.timeline),
      finished: objects.has(keys.done),
    });
  }
};

/** Whoever comes second finds the number taken: two people who change a job at once can't overwrite each other. */
export const makeRevision: Handler<'makeRevision'> = async ({ store, parameters: { job, revision }, body: edit }) => {
  const seen = await findJob(store, job);
  if (!seen) throw new Problem(404, `There is no job ${job}`);
  const key = revisionKeys(job, revision).edit;
  if (revision > seen.revision) {
    if (revision !== seen.revision + 1)
      throw new Problem(409, `The next revision of ${job} is ${seen.revision + 1}, not ${revision}`);
    await checkEdit(store, job, edit, seen.revision);
    const made = await store.putOnce('jobs', key, JSON.stringify(edit));
    if (made) askedFor(montagePoint(job, revision));
    const after = made && (await findJob(store, job));
    if (after) return { status: 201, body: await statusOf(store, after) };
  }
  // Asked for again, as after an answer that was lost on the way.
  if (revision > 1 && isDeepStrictEqual(await editOf(store, job, revision), edit))
    return { status: 200, body: await statusOf(store, seen) };
  throw new Problem(409, `Somebody else has made revision ${revision} of ${job}: look at it, then change that`);
};

/** @throws {Problem | Refusal} when the changes can't be made. */
async function checkEdit(store: Store, job: string, { from, changes }: Edit, latest: number): Promise<void> {
  if (from > latest) throw new Problem(400, `The job ${job} has no revision ${from} to start from`);
  let timeline: Timeline | null = await timelineOf(store, job, from);
  if (!timeline) throw new Problem(409, `Revision ${from} of ${job} is not planned yet; there is no cut to change`);
  let order = await orderOf(store, job, from);
  for (const change of changes) {
    order = reordered(order, change);
    if (change.kind !== 'replan') timeline = timeline && applyChange(timeline, change);
    else {
      resolveStyle(order.style, await ownStyles(store, parseStyle), order.set);
      // What comes of it is known when it is planned, and so whether the cuts that are named after it are there.
      timeline = null;
    }
  }
}

export const showTimeline: Handler<'showTimeline'> = async ({ store, parameters: { job, revision } }) => {
  const seen = await findJob(store, job);
  if (!seen || revision > seen.revision) throw new Problem(404, `The job ${job} has no revision ${revision}`);
  const timeline = await timelineOf(store, job, revision);
  return timeline ? { status: 200, body: timeline } : { status: 202, body: { pending: true } };
};

async function timelineOf(store: Store, job: string, revision: number): Promise<Timeline | null> {
  const { timeline } = revisionKeys(job, revision);
  if (!(await store.stat('jobs', timeline))) return null;
  return fromOtio((await store.read('jobs', timeline)).toString('utf8'));
}
