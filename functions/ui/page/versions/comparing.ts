import { computed, signal } from '@preact/signals';
import { watched } from '../make/watching.ts';

/** A version that is finished, and the revision whose montage it is. */
export interface Side {
  readonly version: number;
  readonly revision: number;
}

const marked = signal<{ job: string; sides: readonly Side[] }>({ job: '', sides: [] });

/** The versions of the job that is shown that are to be seen side by side: none, one that waits for another, or two. */
export const sides = computed(() => (marked.value.job === watched.value?.job ? marked.value.sides : []));

/** The two that are seen side by side; null while there aren't two. */
export const comparing = computed(() => {
  const [left, right] = sides.value;
  return left && right ? { left, right } : null;
});

/** Marks a version to be seen beside another, or no longer. The older one of two is on the left. */
export function mark(side: Side, isWanted: boolean): void {
  const others = sides.peek().filter(({ version }) => version !== side.version);
  const all = isWanted ? [...others.slice(-1), side] : others;
  marked.value = { job: watched.peek()?.job ?? '', sides: all.sort((a, b) => a.version - b.version) };
}

/** Shows the one montage again. */
export function endComparing(): void {
  marked.value = { job: '', sides: [] };
}
