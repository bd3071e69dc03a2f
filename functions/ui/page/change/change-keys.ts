import type { CutChange } from '../../../../shared/edits/change.ts';
import { type Actions, useKeyActions } from '../key-actions.ts';
import { timelineShown } from '../make/timeline-shown.ts';
import { cutLit, goToCut, row } from '../play/playing.ts';
import { beforeOpen } from '../versions/before.tsx';
import { comparing } from '../versions/comparing.ts';
import { change, redo, undo } from './changing.ts';
import { openCut, select, selected } from './selected.ts';

/** The cut that the keyboard is at. */
function focused(): number | null {
  const at = [...document.querySelectorAll('.cut')].indexOf(document.activeElement as Element);
  return at < 0 ? null : at;
}

/** The cut that a person means: the opened one, or the one they are at; null where they only look on. */
const meant = () => selected.peek() ?? focused();

/** The cut that is looked at: the one that is meant, else the one that is seen. */
const current = () => meant() ?? cutLit.peek();

/** Changes the cut that is meant. Where none is, the one that is seen is opened first: while it plays, nobody knows which one that will be. */
const changing = (asked: (cut: number) => CutChange) => () => {
  const cut = meant();
  if (cut === null) openCut(current());
  else if (change(asked(cut)) && meant() === cut) goToCut(cut);
};
const swap = (alternative: number) => changing((cut) => ({ kind: 'swap', cut, alternative }));
const move = (by: number, unit: 'beats' | 'frames') => changing((cut) => ({ kind: 'move', cut, by, unit }));
const slip = (frames: number) => changing((cut) => ({ kind: 'slip', cut, frames }));

/** The cut that an arrow led to is the one that is looked at, once the player is there. */
const follow = (by: number) => () => {
  const to = Math.max(0, Math.min(row.peek().length - 1, current() + by));
  setTimeout(() => {
    select(to);
    goToCut(to);
  });
};

const ACTIONS: Actions = {
  'cut back': follow(-1),
  'cut on': follow(1),
  'open cut': () => {
    openCut(current());
    buttonOf(current())?.focus();
  },
  'close cut': close,
  'swap 1': swap(0),
  'swap 2': swap(1),
  'swap 3': swap(2),
  'swap 4': swap(3),
  lock: changing((cut) => ({ kind: 'lock', cut, locked: !timelineShown.peek()?.cuts[cut]?.locked })),
  'take out': changing((cut) => ({ kind: 'remove', cut })),
  'beat earlier': move(-1, 'beats'),
  'beat later': move(1, 'beats'),
  'frame earlier': move(-1, 'frames'),
  'frame later': move(1, 'frames'),
  'slip back': slip(-1),
  'slip on': slip(1),
  undo,
  redo,
  before: () => {
    beforeOpen.value = true;
  },
};

/** Closes the opened cut; who was inside goes on at the cut itself. */
export function close(): void {
  const cut = selected.peek();
  if (cut === null) return;
  const wasInside = document.querySelector('.cut-panel')?.contains(document.activeElement);
  select(null);
  if (wasInside) buttonOf(cut)?.focus();
}

const buttonOf = (cut: number) => document.querySelectorAll<HTMLButtonElement>('.cut')[cut];

/** Has the keys that change the montage do so, while one is there. */
export function useChangeKeys(): void {
  useKeyActions(() => (comparing.peek() || row.peek().length === 0 ? {} : ACTIONS));
}
