import type { Change, CutChange, Edit } from '../../../../shared/edits/change.ts';
import type { Timeline } from '../../../../shared/timeline.ts';

/** Something that a person did and that isn't sent yet, with what is seen after it; null where only the server can tell. */
export type Step =
  | { readonly kind: 'change'; readonly change: Change; readonly after: Timeline | null }
  | { readonly kind: 'back'; readonly to: number; readonly after: Timeline | null };

/** A revision that is being made. */
export interface Sent {
  readonly revision: number;
  readonly edit: Edit;
  readonly after: Timeline | null;
}

/** What a person did to a montage beyond what the server has planned. */
export interface Queue {
  /** The revision that what waits starts from. */
  readonly from: number;
  /** The last number that is known to be taken. */
  readonly taken: number;
  readonly sent: Sent | null;
  readonly waiting: readonly Step[];
  /** Changes that were taken back before they were sent, the last one first to be done again. */
  readonly undone: readonly CutChange[];
}

/** Nothing to be sent. */
export const idle = (from: number, taken: number): Queue => ({ from, taken, sent: null, waiting: [], undone: [] });

export const isIdle = ({ sent, waiting }: Queue): boolean => sent === null && waiting.length === 0;

/** What is seen; null while that is what the server has planned. */
export function seenOf({ sent, waiting }: Queue): Timeline | null {
  return waiting.findLast(({ after }) => after !== null)?.after ?? sent?.after ?? null;
}

/** One more change. Slips of the same cut that follow one another become one. */
export function withChange(queue: Queue, change: Change, after: Timeline | null): Queue {
  const last = queue.waiting.at(-1);
  const next = { ...queue, undone: [] };
  if (
    change.kind !== 'slip' ||
    last?.kind !== 'change' ||
    last.change.kind !== 'slip' ||
    last.change.cut !== change.cut
  )
    return { ...next, waiting: [...queue.waiting, { kind: 'change', change, after }] };
  const before = queue.waiting.slice(0, -1);
  const frames = last.change.frames + change.frames;
  if (frames === 0) return { ...next, waiting: before };
  return { ...next, waiting: [...before, { kind: 'change', change: { ...change, frames }, after }] };
}

/** Back (or on) to a version; `here` is the one that the last edit leads to. Only the last such step counts. */
export function withBack(queue: Queue, to: number, here: number, after: Timeline | null): Queue {
  const waiting = queue.waiting.at(-1)?.kind === 'back' ? queue.waiting.slice(0, -1) : queue.waiting;
  return { ...queue, waiting: to === here ? waiting : [...waiting, { kind: 'back', to, after }] };
}

/** What is seen at a version, now that it is known. */
export function withSeen(queue: Queue, version: number, after: Timeline): Queue {
  const isIt = (step: Step) => step.kind === 'back' && step.to === version && step.after === null;
  const waiting = queue.waiting.map((step) => (isIt(step) ? { ...step, after } : step));
  const { sent } = queue;
  const isSent = sent?.after === null && sent.edit.from === version && sent.edit.changes.length === 0;
  return { ...queue, waiting, sent: isSent ? { ...sent, after } : sent };
}

/** The last waiting change of a cut taken back; null where the last step is another. */
export function withoutLast(queue: Queue): Queue | null {
  const last = queue.waiting.at(-1);
  if (last?.kind !== 'change') return null;
  const undone = last.change.kind === 'replan' ? queue.undone : [...queue.undone, last.change];
  return { ...queue, waiting: queue.waiting.slice(0, -1), undone };
}

/** How many changes go into one revision at most, as the API has it. */
const MOST = 100;

/** The queue with as much of what waits on its way as one revision can hold; null where there is nothing to send. */
export function withSent(queue: Queue): (Queue & { sent: Sent }) | null {
  const [first, ...rest] = queue.waiting;
  if (queue.sent || !first) return null;
  const candidates = first.kind === 'back' ? rest : queue.waiting;
  const end = candidates.findIndex(({ kind }, i) => kind === 'back' || i === MOST);
  const taken = end < 0 ? candidates : candidates.slice(0, end);
  const changes = taken.flatMap((step) => (step.kind === 'change' ? [step.change] : []));
  const from = first.kind === 'back' ? first.to : queue.from;
  const last = taken.at(-1) ?? first;
  const sent: Sent = { revision: queue.taken + 1, edit: { from, changes }, after: last.after };
  return { ...queue, sent, waiting: queue.waiting.slice(taken.length + (first.kind === 'back' ? 1 : 0)) };
}

/** The revision that was sent is planned, or will never be; what waits starts `from` another one now. */
export function settled(queue: Queue, from: number): Queue {
  return { ...queue, sent: null, from, taken: queue.sent?.revision ?? queue.taken };
}

/** The changes that aren't made yet and count: those since a person last went back, and what they start from. */
export function standing({ from, sent, waiting }: Queue): { from: number; changes: Change[] } {
  const back = waiting.findLastIndex(({ kind }) => kind === 'back');
  const step = waiting[back];
  const since = waiting.slice(back + 1).flatMap((each) => (each.kind === 'change' ? [each.change] : []));
  if (step?.kind === 'back') return { from: step.to, changes: since };
  return { from: sent?.edit.from ?? from, changes: [...(sent?.edit.changes ?? []), ...since] };
}

/** The revisions that the queue will make, as if the server had them already. */
export function comingOf(queue: Queue): { revision: number; from: number; changes: Change[] }[] {
  const coming = queue.sent ? [{ revision: queue.sent.revision, ...queue.sent.edit }] : [];
  let left: Queue = {
    ...queue,
    sent: null,
    taken: queue.sent?.revision ?? queue.taken,
    from: queue.sent?.revision ?? queue.from,
  };
  for (let next = withSent(left); next; next = withSent(left)) {
    coming.push({ revision: next.sent.revision, ...next.sent.edit });
    left = settled(next, next.sent.revision);
  }
  return coming;
}
