import { ZodError } from 'zod';
import type { Config } from '../../shared/config.ts';
import { eventOf } from '../../shared/events.ts';
import { HOOK_EVENT, HOOK_TESTED, type HookEvent, type JobEnd, type JobOutcome } from '../../shared/hooks.ts';
import { type Failure, FailureSchema } from '../../shared/job.ts';
import { outputKeys } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { JobRequest } from '../../shared/request.ts';
import { readJson } from '../../storage/read-json.ts';
import { orderOf } from '../../storage/revisions.ts';
import { NoSuchObject, type ObjectInfo, type Store } from '../../storage/store.ts';

/** What to tell of a job that an object says is completed, failed or cancelled. */
export async function jobEvent(
  store: Store,
  object: ObjectInfo,
  { job, revision, state }: JobEnd,
  config: Pick<Config, 'MONTAGE_PUBLIC_URL'>,
): Promise<HookEvent> {
  const order = await orderIfAny(store, job, revision);
  return eventWith(object, HOOK_EVENT[state], {
    job,
    revision,
    state,
    footageSet: order?.footageSet ?? null,
    title: order?.title ?? null,
    failure: state === 'failed' ? await failureIn(store, object.key) : null,
    outputs: state === 'completed' ? await outputsOf(store, job, revision, config) : [],
  });
}

/** What to tell a hook that somebody wants to see work. */
export const testEvent = (object: ObjectInfo, hook: string): HookEvent => eventWith(object, HOOK_TESTED, { hook });

function eventWith(object: ObjectInfo, type: HookEvent['type'], data: HookEvent['data']): HookEvent {
  const event = eventOf(object, object.lastModified);
  if (!event) throw new Error(`${object.key} is no event`);
  const { id, source, subject, time, job } = event;
  const attributes = { specversion: '1.0', id, source, type, subject, time, ...(job ? { job } : {}) } as const;
  return { ...attributes, datacontenttype: 'application/json', data };
}

/** The order of a job; null where it can't be read, which is why that job failed. */
async function orderIfAny(store: Store, job: string, revision: number): Promise<JobRequest | null> {
  try {
    return await orderOf(store, job, revision);
  } catch (error) {
    if ([ZodError, SyntaxError, Refusal, NoSuchObject].some((kind) => error instanceof kind)) return null;
    throw error;
  }
}

async function failureIn(store: Store, key: string): Promise<Failure> {
  return FailureSchema.parse(await readJson(store, 'jobs', key));
}

async function outputsOf(
  store: Store,
  job: string,
  revision: number,
  { MONTAGE_PUBLIC_URL: server }: Pick<Config, 'MONTAGE_PUBLIC_URL'>,
): Promise<JobOutcome['outputs']> {
  const { root } = outputKeys(job, revision);
  const objects = await Array.fromAsync(store.list('output', root));
  return objects.map(({ key, size }) => {
    const file = key.slice(root.length);
    const path = `/v1/jobs/${job}/output/${encodeURIComponent(file)}?revision=${revision}`;
    return { file, bytes: size, url: server ? new URL(path, server).href : null };
  });
}
