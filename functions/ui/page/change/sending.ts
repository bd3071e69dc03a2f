import { effect } from '@preact/signals';
import { hasEnded } from '../../../../shared/job.ts';
import type { JobStatus } from '../../../../shared/status.ts';
import { planned } from '../make/timeline-shown.ts';
import { follow, watched } from '../make/watching.ts';
import { client, isAway, told } from '../server.ts';
import { knownTimeline, listRevisions } from '../versions/revision-list.ts';
import { idle, type Sent, settled, standing, withSent } from './change-queue.ts';
import { make, makingOf, makings, refusal } from './making.ts';

const sending = new Set<string>();

/** Sends what waits for a job, one revision after the other, each when the one before it is planned. */
export async function send(job: string): Promise<void> {
  if (sending.has(job)) return;
  sending.add(job);
  try {
    for (;;) {
      // What follows within the same turn goes along.
      await null;
      const next = withSent(makingOf(job).queue);
      if (!next) return;
      make(job, (before) => ({ ...before, queue: next }));
      if (!(await made(job, next.sent))) return;
      const from = await planOf(job, next.sent.revision).catch(() => null);
      if (watched.peek()?.job === job) await listRevisions(job);
      make(job, (before) => ({ ...before, queue: settled(before.queue, from ?? before.queue.from) }));
    }
  } finally {
    sending.delete(job);
  }
}

/** How many revisions are on their way to the server. */
let asking = 0;

/** Has a person asked who leaves the page while something that they did would be lost. */
export function guardUnsent(): void {
  addEventListener('beforeunload', (event) => {
    const isWaiting = [...makings.peek().values()].some(({ queue }) => queue.waiting.length > 0);
    if (isWaiting || asking > 0) event.preventDefault();
  });
}

const COME_BACK_MS = 1000;
const later = () => new Promise((resolve) => setTimeout(resolve, COME_BACK_MS));

/** Whether the revision was made, by us. */
async function made(job: string, sent: Sent): Promise<boolean> {
  asking += 1;
  try {
    return await answered(job, sent);
  } finally {
    asking -= 1;
  }
}

/** Asked again until there is an answer, which makes it once all the same. */
async function answered(job: string, { revision, edit }: Sent): Promise<boolean> {
  for (;;) {
    try {
      const { body } = await client.call('makeRevision', { parameters: { job, revision }, body: edit });
      make(job, (before) => ({ ...before, isAway: false }));
      if (watched.peek()?.job === job) follow(body);
      return true;
    } catch (error) {
      if (!isAway(error)) {
        await refused(job, revision, error);
        return false;
      }
      make(job, (before) => ({ ...before, isAway: true }));
      await later();
    }
  }
}

/** Somebody else made that number: theirs is shown, and ours kept to be made again. Else it can't be done at all. */
async function refused(job: string, revision: number, error: unknown): Promise<void> {
  const isTheirs = await isTaken(job, revision);
  make(job, ({ queue, conflicts }) => {
    const { from, changes } = standing(queue);
    const conflict = { changes, before: knownTimeline(job, from) };
    return {
      queue: idle(revision, revision),
      conflicts: isTheirs ? [...conflicts, conflict] : conflicts,
      isAway: false,
    };
  });
  if (watched.peek()?.job !== job) return;
  if (!isTheirs) refusal.value = told(error);
  try {
    follow(await client.job(job));
  } catch (lost) {
    refusal.value = told(lost);
  }
}

async function isTaken(job: string, revision: number): Promise<boolean> {
  try {
    const { body } = await client.call('listRevisions', { parameters: { job } });
    return body.revisions.some((each) => each.revision === revision);
  } catch {
    return false;
  }
}

/** Whether nothing will come of a job's latest revision: it failed or was cancelled before it was planned. */
export const isLost = (status: JobStatus): boolean => hasEnded(status) && status.segments === null;

/** Resolves when a revision is planned, with its number; with null when it never will be. */
async function planOf(job: string, revision: number): Promise<number | null> {
  for (;;) {
    if (watched.peek()?.job === job) {
      const outcome = await shownPlan(job, revision);
      if (outcome !== 'gone') return outcome;
    }
    const status = await client.job(job).catch((error: unknown) => {
      if (!isAway(error)) throw error;
      return null;
    });
    if (status && status.revision >= revision && (status.segments || hasEnded(status)))
      return isLost(status) ? null : revision;
    await later();
  }
}

/** The same of the job that is shown, as its state comes; 'gone' when another one is. */
function shownPlan(job: string, revision: number): Promise<number | null | 'gone'> {
  const { promise, resolve } = Promise.withResolvers<number | null | 'gone'>();
  const stop = effect(() => {
    const [shown, at] = [watched.value, planned.value];
    if (shown?.job !== job) resolve('gone');
    else if (at?.job === job && at.revision >= revision) resolve(revision);
    else if (shown.status && shown.status.revision >= revision && isLost(shown.status)) resolve(null);
  });
  return promise.finally(stop);
}
