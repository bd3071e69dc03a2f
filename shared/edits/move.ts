import { Refusal } from '../refusal.ts';
import type { Cut, Timeline } from '../timeline.ts';
import { hereInEnglish, type WhyHere } from '../why.ts';
import { beatAfter, beatAt } from './beats.ts';
import { nameOf, unlockedCut } from './cut.ts';
import { fadesThatFit } from './fades.ts';
import { resize } from './resize.ts';

/** A cut shorter than this is seen as a fault. */
const LEAST_FRAMES = 4;

/** Has a cut start `by` beats (or frames) later, earlier where negative; the cut before it becomes as much longer or shorter. */
export function move(timeline: Timeline, index: number, by: number, unit: 'beats' | 'frames'): Timeline {
  const cut = unlockedCut(timeline, index);
  if (index === 0) throw new Refusal('The first cut starts with the montage and can not be moved');
  const before = unlockedCut(timeline, index - 1);
  const to = unit === 'frames' ? cut.frame + by : beatAfter(timeline, cut.frame, by);
  const end = cut.frame + cut.frames;
  if (to === null) throw new Refusal(`The song has no beat there; move ${nameOf(index).toLowerCase()} by frames`);
  if (to < before.frame + LEAST_FRAMES)
    throw new Refusal(`${nameOf(index)} can't start so early: nothing would be left of the cut before it`);
  if (to > end - LEAST_FRAMES) throw new Refusal(`${nameOf(index)} can't start so late: nothing would be left of it`);
  const resizedBefore = resize(timeline, index - 1, before.frame, to - before.frame);
  if (!resizedBefore)
    throw new Refusal(`The shot before ${nameOf(index).toLowerCase()} isn't long enough to reach there`);
  const resized = resize(timeline, index, to, end - to);
  if (!resized) throw new Refusal(`The shot of ${nameOf(index).toLowerCase()} isn't long enough to start there`);
  const here: WhyHere = { kind: 'moved' };
  const moved: Cut = {
    ...resized.cut,
    beat: beatAt(timeline, to),
    why: cut.why && { ...cut.why, here },
    reason: `${hereInEnglish(here)}; ${shotReason(cut)}`,
  };
  const cuts = timeline.cuts.with(index - 1, resizedBefore.cut).with(index, moved);
  return fadesThatFit({ ...timeline, cuts }, [index - 1, index, index + 1]);
}

/** Of "where; what", why it is this shot. */
const shotReason = ({ reason }: Cut): string => reason.slice(reason.indexOf('; ') + (reason.includes('; ') ? 2 : 1));
