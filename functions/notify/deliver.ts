import { setTimeout as sleep } from 'node:timers/promises';
import { type Attempt, type Delivery, type Hook, type HookEvent, isClosed } from '../../shared/hooks.ts';
import { log } from '../../shared/log.ts';
import { Refusal } from '../../shared/refusal.ts';
import { findDelivery, type NotedDelivery, noteDelivery } from '../../storage/deliveries.ts';
import { endHook } from '../../storage/hooks.ts';
import type { Store } from '../../storage/store.ts';
import { type Answer, type Call, NoAnswer } from './post.ts';
import { signatureHeaders } from './sign.ts';
import { isSoon, nextTry, type Verdict, verdictOn } from './verdict.ts';

/** For longer than a call may take: whoever hasn't noted by then what came of it is gone. */
const SENDING_SECONDS = 30;
const LOOK_MS = 250;

export interface DeliverOptions {
  store: Store;
  hook: Hook;
  event: HookEvent;
  post: (call: Call) => Promise<Answer>;
  /** It is tried this once, whatever comes of it. Default: false, what may pass is to be tried again. */
  once?: boolean;
}

/**
 * Tells one hook of one event, once, however often and by however many at a time this is called: the note of it is the state, and only
 * who has changed it may send. Whoever dies between sending and noting has it sent again, under the same `webhook-id`.
 *
 * @returns what is noted of it then; null where it is closed, not due yet, or was just dealt with by somebody else.
 */
export async function deliver(options: DeliverOptions): Promise<Delivery | null> {
  const { store, hook, event, once = false } = options;
  const claimed = await claim(store, hook.id, event);
  if (!claimed) return null;
  const begun = new Date();
  const { status, verdict } = await call(options, begun);
  const now = new Date();
  const attempt: Attempt = {
    at: begun.toISOString(),
    milliseconds: now.getTime() - begun.getTime(),
    status,
    reason: verdict.kind === 'told' ? null : verdict.reason,
  };
  const attempts = [...claimed.delivery.attempts, attempt];
  const again = verdict.kind === 'later' && !once ? nextTry(attempts.length, verdict.waitSeconds, now) : null;
  const closed = verdict.kind === 'told' ? 'delivered' : 'given up';
  const delivery: Delivery = {
    ...claimed.delivery,
    attempts,
    state: again ? 'waiting' : closed,
    until: again?.toISOString() ?? null,
  };
  await noteDelivery(store, hook.id, delivery, claimed);
  if (verdict.kind === 'gone') await endHook(store, hook.id);
  // Addresses of hooks are often secrets themselves.
  const fields = { hook: hook.id, event: event.id, job: event.job, attempt: attempts.length };
  if (delivery.state === 'given up') log.warn('gave up on telling a hook', { ...fields, reason: attempt.reason });
  else log.info(delivery.state === 'delivered' ? 'told a hook' : 'a hook is to be told again', fields);
  return delivery;
}

/** Notes that the event is being sent; null where there is nothing to send now. */
async function claim(store: Store, hook: string, event: HookEvent): Promise<NotedDelivery | null> {
  let seen: number | null = null;
  for (;;) {
    const noted = await findDelivery(store, hook, event.id);
    const tries = noted?.delivery.attempts.length ?? 0;
    // Somebody else tried while this one waited, or the hook was removed.
    if ((noted && isClosed(noted.delivery)) || (seen !== null && tries !== seen)) return null;
    seen = tries;
    const now = new Date();
    const until = new Date(noted?.delivery.until ?? now);
    if (!isSoon(until, now)) return null;
    if (until > now) {
      await sleep(Math.min(until.getTime() - now.getTime(), LOOK_MS));
      continue;
    }
    const claimed = await noteDelivery(store, hook, sendingOf(event, noted?.delivery.attempts ?? []), noted);
    if (claimed) return claimed;
  }
}

function sendingOf({ id, type, data }: HookEvent, attempts: Attempt[]): Delivery {
  const { job, revision } = 'job' in data ? data : { job: null, revision: null };
  const until = new Date(Date.now() + SENDING_SECONDS * 1000).toISOString();
  return { event: id, type, job, revision, state: 'sending', until, attempts };
}

async function call(
  { hook, event, post }: DeliverOptions,
  at: Date,
): Promise<{ status: number | null; verdict: Verdict }> {
  const body = JSON.stringify(event);
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'Montage',
    ...signatureHeaders(hook.secret, event.id, at, body),
  };
  try {
    const answer = await post({ url: hook.url, headers, body });
    return { status: answer.status, verdict: verdictOn(answer, new Date()) };
  } catch (error) {
    if (error instanceof Refusal) return { status: null, verdict: { kind: 'never', reason: error.message } };
    if (error instanceof NoAnswer)
      return { status: null, verdict: { kind: 'later', reason: error.message, waitSeconds: 0 } };
    throw error;
  }
}
