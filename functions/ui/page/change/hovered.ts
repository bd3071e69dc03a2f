import { signal } from '@preact/signals';

/** The number of the cut under the pointer, whose words are shown instead of those of the cut that is seen. */
export const hovered = signal<number | null>(null);
