import { computed, signal } from '@preact/signals';
import { choices } from './creating.ts';

const MOST = 2;

/** What makes a card's preview play, by style; null where nothing does. */
export interface Attention {
  /** Under the mouse. */
  readonly pointed: string | null;
  readonly focused: string | null;
  /** In the middle of the cards, where there is no mouse to point with. */
  readonly centred: string | null;
  readonly chosen: string | null;
}

/** Styles whose previews play: two at most, of those that are looked at the nearest first. */
export function playingOf({ pointed, focused, centred, chosen }: Attention): ReadonlySet<string> {
  const wanted = [pointed, focused, centred, chosen].filter((style) => style !== null);
  return new Set([...new Set(wanted)].slice(0, MOST));
}

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
