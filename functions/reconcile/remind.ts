import { eventOf } from '../../shared/events.ts';
import { type Delivery, isClosed, jobEndIn, type Reminder } from '../../shared/hooks.ts';
import { HOOKS, hookKeys } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import { findDelivery } from '../../storage/deliveries.ts';
import { allHooks, wants } from '../../storage/hooks.ts';
import { remembering } from '../../storage/remembering.ts';
import type { Store } from '../../storage/store.ts';

const HOUR_MS = 3600 * 1000;
/** All tries of `notify` lie within so long. */
const OWED_MS = 48 * HOUR_MS;
/** So long after it an event, or a reminder, is thought lost. */
const LOST_MS = 10_000;
/** What hooks were told is kept for so long. */
const KEPT_MS = 30 * 24 * HOUR_MS;

/** A delivery about which nothing more is done: it doesn't change any more. */
const closedDelivery = remembering(
  10_000,
  (hook: string, event: string) => `${hook} ${event}`,
  async (store, hook, event): Promise<Delivery | null> => {
    const noted = await findDelivery(store, hook, event);
    return noted && isClosed(noted.delivery) ? noted.delivery : null;
  },
);

/** Looks after hooks, and holds up no job where that fails. */
export async function lookAfterHooks(store: Store, now: Date): Promise<void> {
  try {
    await remindOfHooks(store, now);
    await clearDeliveries(store, now);
  } catch (error) {
    log.warn('hooks could not be looked after', { reason: sentenceOf(error) });
  }
}

/**
 * Has `notify` woken again for each end of a job that some hook is to be told of by now: whose event was lost, which couldn't be told
 * before the broker gave up, or which was to be told later.
 */
export async function remindOfHooks(store: Store, now: Date): Promise<void> {
  const hooks = await allHooks(store);
  if (hooks.length === 0) return;
  for await (const object of store.list('jobs', '')) {
    const ageMs = now.getTime() - object.lastModified.getTime();
    if (ageMs < LOST_MS || ageMs > OWED_MS) continue;
    const end = jobEndIn(object);
    const event = end && eventOf(object, object.lastModified)?.id;
    if (!event) continue;
    for (const hook of hooks.filter((each) => wants(each, end, object.lastModified))) {
      if (!(await isDue(store, hook.id, event, now))) continue;
      await remind(store, object.key, event, now);
      break;
    }
  }
}

async function isDue(store: Store, hook: string, event: string, now: Date): Promise<boolean> {
  if (await closedDelivery(store, hook, event)) return false;
  const until = (await findDelivery(store, hook, event))?.delivery.until;
  // Whoever it is due for may be about to come.
  return !until || now.getTime() - Date.parse(until) >= LOST_MS;
}

/** One that lies there already is made anew once it must have been lost: a new object, of another content, is what wakes somebody. */
async function remind(store: Store, key: string, event: string, now: Date): Promise<void> {
  const reminder = hookKeys.reminder(event);
  const standing = await store.stat('jobs', reminder);
  if (standing && now.getTime() - standing.lastModified.getTime() < LOST_MS) return;
  await store.delete('jobs', reminder);
  await store.putOnce('jobs', reminder, JSON.stringify({ key, at: now.toISOString() } satisfies Reminder));
}

/** Forgets what hooks were told long ago. */
export async function clearDeliveries(store: Store, now: Date): Promise<void> {
  for await (const { key, lastModified } of store.list('jobs', HOOKS)) {
    if (!key.startsWith(hookKeys.all) && now.getTime() - lastModified.getTime() > KEPT_MS)
      await store.delete('jobs', key);
  }
}
