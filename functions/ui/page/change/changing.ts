import { computed, effect, signal } from '@preact/signals';
import { applyChange } from '../../../../shared/edits/apply.ts';
import type { Change, CutChange, NewOrder } from '../../../../shared/edits/change.ts';
import { Refusal, sentenceOf } from '../../../../shared/refusal.ts';
import type { JobStatus } from '../../../../shared/status.ts';
import type { Timeline } from '../../../../shared/timeline.ts';
import { draft, planned } from '../make/timeline-shown.ts';
import { watched } from '../make/watching.ts';
import { findTimeline, knownTimeline, revisions } from '../versions/revision-list.ts';
import { undoOrder } from '../versions/undo-order.ts';
import { words } from '../words/language.ts';
import { sentenceSaid } from '../words/sentence-said.ts';
import {
  comingOf,
  isIdle,
  type Queue,
  seenOf,
  standing,
  withBack,
  withChange,
  withoutLast,
  withSeen,
} from './change-queue.ts';
import { held, make, making, refusal } from './making.ts';
import { mineAgain } from './mine-again.ts';
import { isLost, send } from './sending.ts';

type Done = Change | 'undo' | 'redo' | 'back';

/** What was done last, for those who hear the page. */
export const doneLast = signal<Done | null>(null);

/** The revisions there are and those that will be made of what is done now. */
const withComing = (queue: Queue) => [
  ...revisions.value.filter(({ revision }) => revision <= queue.taken || isIdle(queue)),
  ...comingOf(queue).map((each) => ({ ...each, planned: true })),
];
/** Where undo and redo lead. */
const order = computed(() => undoOrder(withComing(making.value.queue)));

/** The version that is shown: the revision that first had it. */
export const versionShown = computed(() => order.value?.now ?? null);

/** Whether there is something to undo. */
export const canUndo = computed(() => withoutLast(making.value.queue) !== null || (order.value?.undo ?? null) !== null);
/** Whether there is something to do again. */
export const canRedo = computed(() => making.value.queue.undone.length > 0 || (order.value?.redo ?? null) !== null);

/** Whether all cuts are being planned anew, so that none can be changed. */
export const isReplanning = computed(() => standing(making.value.queue).changes.some(({ kind }) => kind === 'replan'));

/** Has what is done to the job that is shown seen at once. */
export const followChanges = () =>
  effect(() => {
    const isThere = planned.value !== null && planned.value.job === watched.value?.job;
    draft.value = isThere ? (held.value ?? seenOf(making.value.queue)) : null;
  });

/** Why a change can't be made; null when it can. */
export function whyNot(timeline: Timeline, change: CutChange): string | null {
  try {
    applyChange(timeline, change);
    return null;
  } catch (error) {
    return sentenceOf(error);
  }
}

/** Changes a cut: seen at once, sent as soon as it can be. Whether it could be done; where not, `refusal` says why. */
export function change(asked: CutChange): boolean {
  const next = started();
  if (!next) return false;
  const { job, queue, timeline } = next;
  if (isReplanning.peek()) {
    refusal.value = { text: words.peek().planComing, lang: undefined };
    return false;
  }
  try {
    const after = applyChange(timeline, asked);
    take(job, withChange(queue, asFarAsItWent(asked, timeline, after), after), asked);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refusal.value = sentenceSaid(sentenceOf(error));
    return false;
  }
}

/** A slip goes no further than its shot; said that way, two of them add up. */
function asFarAsItWent(asked: CutChange, before: Timeline, after: Timeline): CutChange {
  if (asked.kind !== 'slip') return asked;
  return { ...asked, frames: startOf(after, asked.cut) - startOf(before, asked.cut) };
}
const startOf = ({ cuts }: Timeline, cut: number) => cuts[cut]?.sourceFrame ?? 0;

/** Has all but the locked cuts planned anew. */
export function replan(to: NewOrder): void {
  const next = started();
  const asked: Change = { kind: 'replan', order: to };
  if (next) take(next.job, withChange(next.queue, asked, null), asked);
}

/** Shows an earlier version again, or a later one. */
export function goBack(version: number, as: 'undo' | 'redo' | 'back' = 'back'): void {
  const next = started();
  if (!next) return;
  const { job, queue } = next;
  const last = queue.waiting.at(-1);
  const here = undoOrder(withComing(last?.kind === 'back' ? { ...queue, waiting: queue.waiting.slice(0, -1) } : queue));
  const after = knownTimeline(job, version);
  take(job, withBack(queue, version, here?.now ?? 0, after), as);
  // Where it can't be had, it is seen when the revision that goes back to it is planned.
  if (!after) void findTimeline(job, version).then((found) => found && see(job, version, found));
}

const see = (job: string, version: number, timeline: Timeline) =>
  make(job, (before) => ({ ...before, queue: withSeen(before.queue, version, timeline) }));

/** Takes the last change back. */
export function undo(): void {
  const job = watched.peek()?.job;
  const without = withoutLast(making.peek().queue);
  const version = order.peek()?.undo;
  if (without && job !== undefined) take(job, without, 'undo');
  else if (version) goBack(version, 'undo');
}

/** Does again what was taken back last. */
export function redo(): void {
  const job = watched.peek()?.job;
  const { undone } = making.peek().queue;
  const [again, version] = [undone.at(-1), order.peek()?.redo];
  if (version) goBack(version, 'redo');
  else if (again && job !== undefined && change(again))
    make(job, (before) => ({ ...before, queue: { ...before.queue, undone: undone.slice(0, -1) } }));
}

/** Makes what was meant for another version on the one that somebody else has made of it. */
export function doMineAgain(): void {
  const next = started();
  const [conflict, ...rest] = making.peek().conflicts;
  if (!next || !conflict) return;
  const { job, queue, timeline } = next;
  const { made, lost } = mineAgain(conflict.before ?? timeline, conflict.changes, timeline);
  make(job, (before) => ({ ...before, conflicts: rest }));
  const all = made.reduce((before, { change: each, after }) => withChange(before, each, after), queue);
  take(job, all, made.at(-1)?.change ?? null);
  const told = lost.map(sentenceSaid);
  if (told.length > 0)
    refusal.value = { text: told.map(({ text }) => text).join('. '), lang: told.find(({ lang }) => lang)?.lang };
}

/** Leaves theirs as it is. */
export function leaveTheirs(): void {
  const job = watched.peek()?.job;
  if (job !== undefined) make(job, (before) => ({ ...before, conflicts: before.conflicts.slice(1) }));
}

/** The job that is shown, what is done to it, and what is seen of it; null while there is nothing to change. */
function started(): { job: string; queue: Queue; timeline: Timeline } | null {
  const { job, status } = watched.peek() ?? {};
  const at = planned.peek();
  if (job === undefined || !status || at?.job !== job) return null;
  const { queue } = making.peek();
  const timeline = seenOf(queue) ?? at.timeline;
  return { job, timeline, queue: isIdle(queue) ? { ...queue, ...startOn(status, at.revision) } : queue };
}

/** What is changed is what is seen: a revision that is still being planned is somebody else's, and the server will say so. */
function startOn(status: JobStatus, seen: number): Pick<Queue, 'from' | 'taken'> {
  return { from: seen, taken: isLost(status) ? status.revision : seen };
}

function take(job: string, queue: Queue, done: Done | null): void {
  refusal.value = null;
  doneLast.value = done;
  make(job, (before) => ({ ...before, queue }));
  void send(job);
}
