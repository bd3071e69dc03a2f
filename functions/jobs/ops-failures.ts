import type { LostCall, RecentFailure } from '../../shared/api/ops.ts';
import { type Delivery, isClosed } from '../../shared/hooks.ts';
import { FailureSchema, stateOf } from '../../shared/job.ts';
import { hookKeys, revisionKeys } from '../../shared/keys.ts';
import { readDelivery } from '../../storage/deliveries.ts';
import { allHooks } from '../../storage/hooks.ts';
import type { JobObjects } from '../../storage/jobs.ts';
import { readJson } from '../../storage/read-json.ts';
import { remembering } from '../../storage/remembering.ts';
import { orderOf } from '../../storage/revisions.ts';
import { NoSuchObject, type Store } from '../../storage/store.ts';

/** So many are shown of each kind. */
const MOST = 50;
/** So many of the latest deliveries are looked through for calls that were given up. */
const MOST_DELIVERIES = 200;

/** A failure, as far as the names of a job's objects tell of it. */
export interface FailureMark extends Pick<RecentFailure, 'job' | 'revision' | 'answer'> {
  number: number;
  at: Date;
}

/** All failures that a job ever had, answered or not. */
export function failuresIn({ seen, objects }: JobObjects): FailureMark[] {
  const keys = new Set(objects.map(({ key }) => key));
  return objects.flatMap(({ key, lastModified: at }) => {
    const match = /^r(\d+)\/failed-(\d+)\.json$/.exec(key.slice(seen.job.length + 1));
    if (!match) return [];
    const [revision, number] = [Number(match[1]), Number(match[2])];
    const isRetried = keys.has(revisionKeys(seen.job, revision).retry(number));
    const stands = revision === seen.revision && stateOf(seen) === 'failed';
    const answer = isRetried ? 'retried' : stands ? 'open' : 'past';
    return [{ job: seen.job, revision, number, at, answer } as const];
  });
}

/** The latest of them, with what each says. One that has just been deleted, or can't be read, is left out. */
export async function recentFailures(store: Store, marks: readonly FailureMark[]): Promise<RecentFailure[]> {
  const latest = marks.toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, MOST);
  const read = latest.map(async ({ number, at, ...mark }): Promise<RecentFailure | null> => {
    const failure = await failureAt(store, revisionKeys(mark.job, mark.revision).failed(number));
    if (!failure) return null;
    const { stage, reason, deadLetter = false } = failure;
    const order = await orderIn(store, mark.job, mark.revision);
    const { footageSet = null, title = null } = order ?? {};
    return { ...mark, footageSet, title, stage, reason, at: at.toISOString(), deadLetter };
  });
  return (await Promise.all(read)).filter((failure) => failure !== null);
}

const failureAt = remembering(
  1000,
  (key: string) => key,
  async (store, key) => FailureSchema.safeParse(await orNull(readJson(store, 'jobs', key))).data ?? null,
);

const orderIn = remembering(
  1000,
  (job: string, revision: number) => `${job} ${revision}`,
  (store, job, revision) => orderOf(store, job, revision).catch(() => null),
);

/** The latest calls of hooks that were given up. */
export async function lostCalls(store: Store): Promise<LostCall[]> {
  const notes = await Array.fromAsync(store.list('jobs', hookKeys.allDeliveries));
  if (notes.length === 0) return [];
  const urls = new Map((await allHooks(store)).map(({ id, url }) => [id, url]));
  const latest = notes
    .sort((a, b) => b.lastModified.getTime() - a.lastModified.getTime())
    .slice(0, MOST_DELIVERIES)
    .map(async ({ key, lastModified }): Promise<LostCall[]> => {
      const delivery = await closedDeliveryAt(store, key);
      if (delivery?.state !== 'given up') return [];
      const hook = key.slice(hookKeys.allDeliveries.length).split('/', 1)[0] as string;
      const { job, attempts } = delivery;
      const reason = attempts.at(-1)?.reason ?? null;
      const at = lastModified.toISOString();
      return [{ hook, url: urls.get(hook) ?? null, job, at, tries: attempts.length, reason }];
    });
  return (await Promise.all(latest)).flat().slice(0, MOST);
}

/** A delivery about which nothing more is done, and which therefore doesn't change any more; null for any other. */
const closedDeliveryAt = remembering(
  1000,
  (key: string) => key,
  async (store, key): Promise<Delivery | null> => {
    const delivery = await readDelivery(store, key);
    return delivery && isClosed(delivery) ? delivery : null;
  },
);

async function orNull(reading: Promise<unknown>): Promise<unknown> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NoSuchObject || error instanceof SyntaxError) return null;
    throw error;
  }
}
