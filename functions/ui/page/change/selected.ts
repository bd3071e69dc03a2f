import { computed, signal } from '@preact/signals';
import { row } from '../play/playing.ts';

const chosen = signal<number | null>(null);

/** The number of the cut that a person has opened, whose words and ways to change it are shown; null while none is. */
export const selected = computed(() => {
  const last = row.value.length - 1;
  return chosen.value === null || last < 0 ? null : Math.min(chosen.value, last);
});

/** Opens a cut; null closes the one that is open. */
export function select(cut: number | null): void {
  chosen.value = cut;
}
