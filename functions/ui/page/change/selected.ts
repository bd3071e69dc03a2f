import { computed, signal } from '@preact/signals';
import { jobShown } from '../make/address.ts';
import { row } from '../play/playing.ts';

const chosen = signal<number | null>(null);
// What was opened in one montage is no cut of another.
jobShown.subscribe(() => {
  chosen.value = null;
});

/** The number of the cut that a person has opened, whose words and ways to change it are shown; null while none is. */
export const selected = computed(() => {
  const last = row.value.length - 1;
  return chosen.value === null || last < 0 ? null : Math.min(chosen.value, last);
});

/** Whether what is opened has yet to come into view. */
export const isWanted = signal(false);

/** Opens a cut; null closes the one that is open. */
export function select(cut: number | null): void {
  chosen.value = cut;
}

/** Opens a cut for whoever wants to see its words: they come into view. Who only steps from cut to cut looks at the stage. */
export function openCut(cut: number): void {
  select(cut);
  isWanted.value = true;
}
