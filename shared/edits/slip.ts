import { Refusal } from '../refusal.ts';
import type { Timeline } from '../timeline.ts';
import { nameOf, unlockedCut, withCut } from './cut.ts';
import { handlesOf, roomOf, startWithin } from './span.ts';

/** Shows the same shot from `frames` later (or earlier) on, as far as it goes. Where the cut falls doesn't change. */
export function slip(timeline: Timeline, index: number, frames: number): Timeline {
  const cut = unlockedCut(timeline, index);
  const handles = handlesOf(timeline.cuts, index);
  const start = startWithin(roomOf(timeline, cut), cut.sourceFrames, handles, cut.sourceFrame + frames);
  if (start === null || start === cut.sourceFrame)
    throw new Refusal(
      `The shot of ${nameOf(index).toLowerCase()} holds nothing more ${frames < 0 ? 'before' : 'after'} it`,
    );
  return withCut(timeline, index, { ...cut, sourceFrame: start });
}
