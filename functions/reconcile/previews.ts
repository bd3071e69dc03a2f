import type { Config } from '../../shared/config.ts';
import type { Lease } from '../../shared/job.ts';
import { previewKeys } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import { leasesNow } from '../../storage/lease.ts';
import { failPreview, notedPreviews, type PreviewNotes } from '../../storage/previews.ts';
import type { Store } from '../../storage/store.ts';

export interface PreviewCircumstances {
  now: Date;
  /** By `<stage>/<item>`. */
  leases: ReadonlyMap<string, Lease>;
  /** Whether there is anything to do for a person's job, or soon will be. */
  busy: boolean;
  lostAfterSeconds: number;
  attempts: number;
}

/** One thing to do about a preview. */
export type PreviewStep =
  | { kind: 'ask'; preview: string; attempt: number }
  /** Takes its requests back, which stops whoever is at it. */
  | { kind: 'withdraw'; preview: string; attempts: number[] }
  /** Nothing is to be done about it any more; that it failed stays noted. */
  | { kind: 'clear'; preview: string; attempts: number[] }
  | { kind: 'fail'; preview: string; reason: string };

const PREVIEW_LEASE = 'preview/';

/**
 * What is to be done about styles' previews, from what exists. They are nobody's work: one is asked for at a time, and only while there
 * is nothing to do for a person, neither for a job nor for footage and songs that were just brought; one that is under way when that
 * changes is taken back.
 */
export function previewSteps(noted: readonly PreviewNotes[], world: PreviewCircumstances): PreviewStep[] {
  const attemptsOf = ({ requests }: PreviewNotes) => requests.map(({ attempt }) => attempt);
  const isOver = (notes: PreviewNotes) => notes.made || notes.failedAt !== null || !notes.wanted;
  const clear = noted
    .filter((notes) => isOver(notes) && (notes.made || notes.wanted || notes.requests.length > 0))
    .map((notes): PreviewStep => ({ kind: 'clear', preview: notes.preview, attempts: attemptsOf(notes) }));
  const open = noted.filter((notes) => !isOver(notes));
  const asked = open.filter(({ requests }) => requests.length > 0);
  if (world.busy || isLookedAtElsewhere(world)) {
    const back = asked.map((notes): PreviewStep => {
      return { kind: 'withdraw', preview: notes.preview, attempts: attemptsOf(notes) };
    });
    return [...clear, ...back];
  }
  if (asked.length > 0) return [...clear, ...asked.flatMap((notes) => again(notes, world) ?? [])];
  const [next] = open;
  return next ? [...clear, { kind: 'ask', preview: next.preview, attempt: 1 }] : clear;
}

/** Somebody is at work, but not on a preview: on what was just brought, since no job is busy. */
function isLookedAtElsewhere({ leases, now }: PreviewCircumstances): boolean {
  return [...leases].some(
    ([name, { released, expiresAt }]) => !name.startsWith(PREVIEW_LEASE) && !released && new Date(expiresAt) > now,
  );
}

/** The next attempt at what was asked for, or the end of it; null while the one that stands may still be carried out. */
function again({ preview, requests }: PreviewNotes, world: PreviewCircumstances): PreviewStep | null {
  const last = requests.reduce((a, b) => (a.attempt > b.attempt ? a : b));
  const lease = world.leases.get(`${PREVIEW_LEASE}${preview}`);
  const expiry = lease ? new Date(lease.expiresAt) : new Date(last.at.getTime() + world.lostAfterSeconds * 1000);
  if (expiry > world.now) return null;
  if (last.attempt < world.attempts) return { kind: 'ask', preview, attempt: last.attempt + 1 };
  return { kind: 'fail', preview, reason: `It was begun ${last.attempt} times and never finished` };
}

/** Does what is to be done about previews. Where that fails, no job is held up. */
export async function lookAfterPreviews(store: Store, config: Config, busy: boolean): Promise<void> {
  try {
    const noted = await notedPreviews(store);
    if (noted.length === 0) return;
    const steps = previewSteps(noted, {
      now: new Date(),
      leases: await leasesNow(store),
      busy,
      lostAfterSeconds: config.MONTAGE_LOST_AFTER_SECONDS,
      attempts: config.MONTAGE_ATTEMPTS,
    });
    for (const step of steps) await take(store, step, new Date());
  } catch (error) {
    log.warn('previews could not be looked after', { reason: sentenceOf(error) });
  }
}

async function take(store: Store, step: PreviewStep, now: Date): Promise<void> {
  const keys = previewKeys(step.preview);
  if (step.kind === 'ask')
    await store.putOnce('jobs', keys.request(step.attempt), JSON.stringify({ at: now.toISOString() }));
  else if (step.kind === 'fail') {
    log.warn('a preview can not be made', { preview: step.preview, reason: step.reason });
    await failPreview(store, step.preview, step.reason, now);
  } else {
    for (const attempt of step.attempts) await store.delete('jobs', keys.request(attempt));
    if (step.kind === 'withdraw') return;
    // What says that it is over goes last.
    await store.delete('jobs', keys.wanted);
    await store.delete('jobs', keys.made);
  }
}
