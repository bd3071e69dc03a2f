import { jobId } from '../../shared/job-id.ts';
import { jobRequestKey, recognise } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import { type JobRequest, JobRequestSchema } from '../../shared/request.ts';
import type { Rule } from '../../shared/rules.ts';
import { noteJob } from '../../storage/open-jobs.ts';
import { allRules } from '../../storage/rules.ts';
import type { ObjectInfo, Store } from '../../storage/store.ts';
import { askForJob } from './pass.ts';

const MINUTE_MS = 60_000;
/** What a request can name; beyond that, it is of the whole set. */
const MOST_CLIPS = 5000;

/**
 * The job that a rule asks for, of its set as it is; null while something was added to it just now, or there is nothing in it. Its id
 * comes from the rule and from what is in the set, so one and the same set is asked for once, however often it is looked at.
 */
export function dueJob(
  { set, quietMinutes, order }: Rule,
  clips: readonly Pick<ObjectInfo, 'key' | 'etag' | 'lastModified'>[],
  now: Date,
): { job: string; request: JobRequest } | null {
  const latest = Math.max(...clips.map(({ lastModified }) => lastModified.getTime()));
  if (clips.length === 0 || now.getTime() - latest < quietMinutes * MINUTE_MS) return null;
  const found = clips.map(({ key, etag }) => [key, etag] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const request = JobRequestSchema.parse({
    ...order,
    footageSet: set,
    ...(found.length <= MOST_CLIPS && { clips: found.map(([key]) => key) }),
  });
  return { job: jobId(set, JSON.stringify(['rule', order, found])), request };
}

/** Asks for what rules make due. One that can't be followed stops no other. */
export async function followRules(store: Store, now: Date): Promise<void> {
  for (const rule of await allRules(store)) {
    try {
      const objects = await Array.fromAsync(store.list('input', `${rule.set}/`));
      const clips = objects.filter(({ key }) => recognise('input', key)?.kind.type === 'ai.montage.footage.created');
      const due = dueJob(rule, clips, now);
      if (!due || (await store.stat('jobs', jobRequestKey(due.job)))) continue;
      if (!(await askForJob(store, due.job, due.request))) continue;
      await noteJob(store, due.job);
      log.info('a rule asks for a montage', { set: rule.set, job: due.job });
    } catch (error) {
      log.warn('a rule could not be followed', { set: rule.set, reason: sentenceOf(error) });
    }
  }
}
