import { type Hook, HookSchema, type JobEnd } from '../shared/hooks.ts';
import { hookKeys } from '../shared/keys.ts';
import { ownerOfJob } from '../shared/owner.ts';
import { Refusal } from '../shared/refusal.ts';
import { readNote } from './read-json.ts';
import type { Store } from './store.ts';

/** A hook, and when it was made by the store's own clock. */
export interface KeptHook extends Hook {
  since: Date;
}

/** Whether a hook is to be told what became of a job at a time. Nobody is told of what was before they asked. */
export const wants = ({ states, since, owner }: KeptHook, { job, state }: JobEnd, at: Date): boolean =>
  (owner === null || owner === ownerOfJob(job)) &&
  // Some stores say the time of an object in whole seconds.
  states.includes(state) &&
  at.getTime() >= Math.floor(since.getTime() / 1000) * 1000;

/**
 * Writes a hook down, unless there is one of that id; gives back the one that there is.
 *
 * @throws {Refusal} when that one has gone in this moment.
 */
export async function keepHook(store: Store, hook: Hook): Promise<{ hook: Hook; isNew: boolean }> {
  const isNew = (await store.putOnce('jobs', hookKeys.hook(hook.id), JSON.stringify(hook))) !== null;
  const kept = isNew ? hook : await findHook(store, hook.id);
  if (!kept)
    throw new Refusal(`The hook ${hook.id} was just removed, or can't be read; ask again with another Idempotency-Key`);
  return { hook: kept, isNew };
}

/** The hook of that id; null where there is none, or none any more. */
export async function findHook(store: Store, id: string): Promise<KeptHook | null> {
  const key = hookKeys.hook(id);
  const info = await store.stat('jobs', key);
  return info && read(store, key, info.lastModified);
}

/** All hooks, the oldest first. One that can't be read hides no other. */
export async function allHooks(store: Store): Promise<KeptHook[]> {
  const infos = await Array.fromAsync(store.list('jobs', hookKeys.all));
  const hooks = await Promise.all(infos.map(({ key, lastModified }) => read(store, key, lastModified)));
  return hooks.filter((hook) => hook !== null).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** Ends a hook. What it was told stays to be looked at. */
export async function endHook(store: Store, id: string): Promise<void> {
  await store.delete('jobs', hookKeys.hook(id));
}

/** Removes a hook and all that was noted of it; false when there was nothing. */
export async function removeHook(store: Store, id: string): Promise<boolean> {
  const found = await findHook(store, id);
  await endHook(store, id);
  let any = found !== null;
  for (const prefix of [hookKeys.tests(id), hookKeys.deliveries(id)]) {
    for await (const { key } of store.list('jobs', prefix)) {
      await store.delete('jobs', key);
      any = true;
    }
  }
  return any;
}

async function read(store: Store, key: string, since: Date): Promise<KeptHook | null> {
  const hook = await readNote(store, key, HookSchema, 'a hook');
  return hook && { ...hook, since };
}
