import { computed, type ReadonlySignal } from '@preact/signals';
import { toPlay } from '../play/on-screen.ts';
import { pieceAddresses } from './rendered.ts';
import { timelineShown } from './timeline-shown.ts';

let before: ReadonlySet<number> = new Set();

/** The numbers of the cuts whose picture is rendered. */
export const solid: ReadonlySignal<ReadonlySet<number>> = computed(() => {
  const cuts = timelineShown.value?.cuts ?? [];
  const isFinished = typeof toPlay.value === 'number';
  const now = new Set(cuts.flatMap((_, i) => (isFinished || (pieceAddresses.value[i] ?? null) !== null ? [i] : [])));
  // The same set is the same value: the row isn't drawn anew for it.
  if (now.size !== before.size || !now.isSubsetOf(before)) before = now;
  return before;
});
