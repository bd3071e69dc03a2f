import { type Timeline, TimelineSchema } from '../timeline.ts';
import type { CutChange } from './change.ts';
import { lock } from './lock.ts';
import { move } from './move.ts';
import { remove } from './remove.ts';
import { slip } from './slip.ts';
import { swap } from './swap.ts';

/**
 * A timeline with one thing changed; all that the change doesn't touch is the same value. The page, the API and `plan` make the
 * same of it, so what can't be done is known before it is asked for.
 *
 * @throws {Refusal} when it can't be done, saying why.
 */
export function applyChange(timeline: Timeline, change: CutChange): Timeline {
  return TimelineSchema.parse(changed(timeline, change));
}

function changed(timeline: Timeline, change: CutChange): Timeline {
  switch (change.kind) {
    case 'swap':
      return swap(timeline, change.cut, change.alternative);
    case 'lock':
      return lock(timeline, change.cut, change.locked);
    case 'remove':
      return remove(timeline, change.cut);
    case 'move':
      return move(timeline, change.cut, change.by, change.unit);
    case 'slip':
      return slip(timeline, change.cut, change.frames);
  }
}
