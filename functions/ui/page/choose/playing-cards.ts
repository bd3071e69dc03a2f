import { computed, signal } from '@preact/signals';
import { playingOf } from './attention.ts';
import { choices } from './creating.ts';

export const pointed = signal<string | null>(null);
export const focused = signal<string | null>(null);
export const centred = signal<string | null>(null);
/** Whether the cards are on the screen. */
export const cardsSeen = signal(false);

const reduced = matchMedia('(prefers-reduced-motion: reduce)');
const calm = signal(reduced.matches);
reduced.addEventListener('change', () => {
  calm.value = reduced.matches;
});

/** The previews that play now: none for whom things shall not move. */
export const playing = computed<ReadonlySet<string>>(() =>
  calm.value || !cardsSeen.value
    ? new Set()
    : playingOf({
        pointed: pointed.value,
        focused: focused.value,
        centred: centred.value,
        chosen: choices.value.style,
      }),
);
