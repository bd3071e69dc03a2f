import type { Cleaned } from '../../shared/api/ops.ts';
import { isOpen } from '../../shared/job.ts';
import { cacheKeys, jobDeletedKey, recognise, SEGMENTS } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import type { PlannedSegment } from '../../shared/planned-segments.ts';
import { findJobObjects, type JobObjects, jobsWithObjects } from '../../storage/jobs.ts';
import { plannedOf } from '../../storage/planned.ts';
import { NoSuchObject, type ObjectInfo, type Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { removeJob } from './deletion.ts';
import { countAnew } from './ops-store.ts';

const DAY_MS = 24 * 3600 * 1000;
/** A call deletes no more than this, so that it is answered within seconds; the rest is for the next one. */
const MOST_OBJECTS = 500;
const AT_ONCE = 16;

export const clean: Handler<'clean'> = async ({ store, body: { what, olderThanDays, dryRun } }) => {
  const before = new Date(Date.now() - olderThanDays * DAY_MS);
  const run = what === 'segments' ? cleanSegments : cleanJobs;
  const cleaned = await run(store, before, dryRun);
  if (!dryRun) {
    countAnew(store);
    log.info('cleaned', { what, olderThanDays, ...cleaned });
  }
  return { status: 200, body: cleaned };
};

/** Those of the segments that may go: made before then, and no part of an open job. The oldest first. */
export function spareSegments(
  segments: readonly ObjectInfo[],
  needed: ReadonlySet<string>,
  before: Date,
): ObjectInfo[] {
  return segments
    .filter(({ key, lastModified }) => lastModified <= before && !needed.has(key))
    .sort((a, b) => a.lastModified.getTime() - b.lastModified.getTime());
}

/** Whether a job has ended, and nothing has happened to it since. */
export const isLongEnded = ({ seen, objects }: JobObjects, before: Date): boolean =>
  !isOpen(seen) && objects.every(({ lastModified }) => lastModified <= before);

async function cleanSegments(store: Store, before: Date, dryRun: boolean): Promise<Cleaned> {
  // Listed first: what is rendered from here on is no candidate, and which jobs are open is known as late as can be.
  const segments = await Array.fromAsync(store.list('cache', SEGMENTS));
  const spare = spareSegments(segments, await neededSegments(store), before);
  const going = dryRun ? spare : spare.slice(0, MOST_OBJECTS);
  if (!dryRun) {
    for (let i = 0; i < going.length; i += AT_ONCE)
      await Promise.all(going.slice(i, i + AT_ONCE).map(({ key }) => store.delete('cache', key)));
  }
  return { jobs: 0, ...sumOf(going), more: going.length < spare.length };
}

/** Keys of the segments of open jobs, of all their revisions: the next one of a job is mostly made of those of the one before. */
async function neededSegments(store: Store): Promise<Set<string>> {
  const needed = new Set<string>();
  for await (const { seen, objects } of jobsWithObjects(store)) {
    if (!isOpen(seen)) continue;
    for (const { key } of objects) {
      const { kind, fields } = recognise('jobs', key) ?? {};
      if (kind?.type !== 'ai.montage.timeline.planned') continue;
      for (const { hash, chunks } of await segmentsOf(store, seen.job, Number(fields?.revision)))
        for (const file of [hash, ...chunks.map((chunk) => chunk.hash)]) needed.add(cacheKeys.segment(file));
    }
  }
  return needed;
}

async function segmentsOf(store: Store, job: string, revision: number): Promise<readonly PlannedSegment[]> {
  try {
    return (await plannedOf(store, job, revision)).segments;
  } catch (error) {
    if (error instanceof NoSuchObject) return [];
    throw new Problem(
      409,
      `What the open job ${job} needs can't be read, so nothing was deleted; cancel that job first`,
    );
  }
}

async function cleanJobs(store: Store, before: Date, dryRun: boolean): Promise<Cleaned> {
  const sum = { jobs: 0, objects: 0, bytes: 0 };
  const add = ({ objects, bytes }: { objects: number; bytes: number }) => {
    sum.jobs += 1;
    sum.objects += objects;
    sum.bytes += bytes;
  };
  for await (const job of jobsWithObjects(store)) {
    if (!isLongEnded(job, before)) continue;
    const { job: id } = job.seen;
    if (dryRun) {
      const own = job.objects.filter(({ key }) => key !== jobDeletedKey(id));
      add(sumOf([...own, ...(await Array.fromAsync(store.list('output', `${id}/`)))]));
      continue;
    }
    if (sum.objects >= MOST_OBJECTS) return { ...sum, more: true };
    // It may have been retried or changed since the list was begun.
    const now = await findJobObjects(store, id);
    if (now && isLongEnded(now, before)) add(await removeJob(store, now.seen));
  }
  return { ...sum, more: false };
}

const sumOf = (objects: readonly ObjectInfo[]) => ({
  objects: objects.length,
  bytes: objects.reduce((sum, { size }) => sum + size, 0),
});
