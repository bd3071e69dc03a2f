import { type Fitted, needsOf, wholeOf } from './fitting.ts';
import type { Take } from './takes.ts';

/**
 * Joins neighbouring slots of one clip into one longer shot, since a cut from a clip to itself is worse than none; as far as
 * one take has room for both and the shot doesn't become longer than `mostFrames`.
 */
export function mergeRepeats(fitted: Fitted, takes: readonly Take[], mostFrames: number): Fitted {
  let merged = fitted;
  for (let i = 1; i < merged.slots.length; ) {
    const joined = sameClip(merged, takes, i) ? joinWithPrevious(merged, i, takes, mostFrames) : null;
    if (joined) merged = joined;
    else i++;
  }
  return merged;
}

function sameClip({ takeOf }: Fitted, takes: readonly Take[], i: number): boolean {
  return takes[takeOf[i] ?? -1]?.clip === takes[takeOf[i - 1] ?? -1]?.clip;
}

function joinWithPrevious(fitted: Fitted, i: number, takes: readonly Take[], mostFrames: number): Fitted | null {
  const before = fitted.slots[i - 1];
  const slot = fitted.slots[i];
  // Between them may lie a cut that stays.
  if (!before || !slot || before.frame + before.frames !== slot.frame) return null;
  if (before.frames + slot.frames > mostFrames) return null;
  const without = <T>(values: readonly T[]) => values.filter((_, index) => index !== i);
  for (const take of new Set([fitted.takeOf[i - 1] ?? -1, fitted.takeOf[i] ?? -1])) {
    const joined: Fitted = {
      ...fitted,
      slots: without(fitted.slots).with(i - 1, { ...before, frames: before.frames + slot.frames }),
      transitions: without(fitted.transitions),
      takeOf: without(fitted.takeOf).with(i - 1, take),
    };
    if (hasRoom(joined, take, takes)) return joined;
  }
  return null;
}

function hasRoom({ slots, transitions, speed, takeOf }: Fitted, take: number, takes: readonly Take[]): boolean {
  const used = needsOf(slots, transitions, speed).reduce(
    (sum, need, slot) => sum + (takeOf[slot] === take ? wholeOf(need) : 0),
    0,
  );
  const { startFrame = 0, endFrame = 0 } = takes[take] ?? {};
  return used <= endFrame - startFrame;
}
