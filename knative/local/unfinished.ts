import { ZodError } from 'zod';
import { FOOTAGE_ANALYSER_VERSION } from '../../shared/analysis.ts';
import { cacheKeys, jobRequestKey, PREVIEW_REQUESTS, recognise, revisionKeys } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import { JobRequestSchema } from '../../shared/request.ts';
import { findJob } from '../../storage/jobs.ts';
import { checkPrefix } from '../../storage/object-key.ts';
import { NoSuchObject, type ObjectInfo, type Store } from '../../storage/store.ts';

/**
 * The objects whose events an earlier runtime may have taken with it when it ended: what open jobs asked for, the clips of
 * their sets that nobody has looked at, and the preview that was asked for. To tell of one again is harmless: work that is done is not done twice.
 */
export async function* unfinished(store: Store, openJobs: readonly string[]): AsyncGenerator<ObjectInfo> {
  yield* store.list('jobs', PREVIEW_REQUESTS);
  const sets = new Set<string>();
  for (const job of openJobs) {
    const seen = await findJob(store, job);
    if (!seen) continue;
    yield* store.list('jobs', `${revisionKeys(job, seen.revision).root}requests/`);
    const set = await setOf(store, job);
    if (set !== null) sets.add(set);
  }
  for (const set of sets) {
    for await (const clip of store.list('input', `${set}/`)) {
      if (recognise('input', clip.key)?.kind.type !== 'ai.montage.footage.created') continue;
      const analysis = cacheKeys.footageAnalysis(clip.etag, FOOTAGE_ANALYSER_VERSION);
      if (!(await store.stat('cache', analysis))) yield clip;
    }
  }
}

/** Null for a request that isn't one: whose name no set can have, cut off, or taken away since. It must not hold up all other jobs. */
async function setOf(store: Store, job: string): Promise<string | null> {
  try {
    const text = (await store.read('jobs', jobRequestKey(job))).toString();
    const { footageSet } = JobRequestSchema.parse(JSON.parse(text));
    checkPrefix(`${footageSet}/`);
    return footageSet;
  } catch (error) {
    const isTheRequests = [SyntaxError, ZodError, Refusal, NoSuchObject].some((kind) => error instanceof kind);
    if (isTheRequests) return null;
    throw error;
  }
}
