import type { Config } from '../../shared/config.ts';
import type { ObjectRef } from '../../shared/events.ts';
import { type Delivery, HOOK_REMINDED, jobEndIn, ReminderSchema } from '../../shared/hooks.ts';
import { recognise } from '../../shared/keys.ts';
import { allHooks, findHook, wants } from '../../storage/hooks.ts';
import { readJson } from '../../storage/read-json.ts';
import type { ObjectInfo, Store } from '../../storage/store.ts';
import { deliver } from './deliver.ts';
import { jobEvent, testEvent } from './hook-event.ts';
import { type Answer, type Call, post } from './post.ts';
import { isSoon } from './verdict.ts';

export interface Telling {
  config: Pick<Config, 'MONTAGE_PUBLIC_URL' | 'MONTAGE_HOOKS_PRIVATE'>;
  /** Calls an address; by default by HTTP, as the settings allow. */
  call?: (call: Call) => Promise<Answer>;
}

/**
 * Tells every hook that wants to know what a new object says of a job. What remains to be told soon is thrown, so that the broker comes
 * again with the same event; what is to be told later is noted, and the timer's.
 */
export async function tell(store: Store, { bucket, key }: ObjectRef, telling: Telling): Promise<void> {
  const info = await store.stat(bucket, key);
  // A job that was deleted is no news.
  if (!info) return;
  const { kind, fields } = recognise(bucket, key) ?? {};
  if (kind?.type === HOOK_REMINDED) await tellAgain(store, key, telling);
  else if (fields?.hook) await tellOfTest(store, info, fields.hook, telling);
  else await tellOfJob(store, info, telling);
}

/** A reminder goes when there is nothing left of it to do soon; the timer makes another when more is due. */
async function tellAgain(store: Store, key: string, telling: Telling): Promise<void> {
  const reminder = ReminderSchema.parse(await readJson(store, 'jobs', key));
  const object = await store.stat('jobs', reminder.key);
  if (object) await tellOfJob(store, object, telling);
  await store.delete('jobs', key);
}

async function tellOfJob(store: Store, object: ObjectInfo, telling: Telling): Promise<void> {
  const end = jobEndIn(object);
  if (!end) return;
  const hooks = (await allHooks(store)).filter((hook) => wants(hook, end, object.lastModified));
  if (hooks.length === 0) return;
  const event = await jobEvent(store, object, end, telling.config);
  const post = callerOf(telling);
  // One that can't be told holds up no other.
  const told = await Promise.allSettled(hooks.map((hook) => deliver({ store, hook, event, post })));
  for (const one of told) if (one.status === 'rejected') throw one.reason;
  const soon = told.flatMap((one) =>
    one.status === 'fulfilled' && one.value && isDueSoon(one.value) ? [one.value] : [],
  );
  const [first] = soon;
  if (first)
    throw new Error(`${soon.length} of ${hooks.length} hooks could not be told yet: ${first.attempts.at(-1)?.reason}`);
}

async function tellOfTest(store: Store, object: ObjectInfo, id: string, telling: Telling): Promise<void> {
  const hook = await findHook(store, id);
  if (hook) await deliver({ store, hook, event: testEvent(object, id), post: callerOf(telling), once: true });
}

const callerOf = ({ call, config }: Telling) =>
  call ?? ((each: Call) => post(each, { allowPrivate: config.MONTAGE_HOOKS_PRIVATE === 'allow' }));

const isDueSoon = ({ state, until }: Delivery): boolean =>
  state === 'waiting' && until !== null && isSoon(new Date(until), new Date());
