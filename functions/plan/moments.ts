import type { Style } from '../../shared/style.ts';
import type { Take } from './takes.ts';

/** A stretch of a take, and how much it is wanted. */
export interface Moment {
  startFrame: number;
  worth: number;
}

/** How much it counts that a moment is as lively as the montage is tense there. */
const TENSION_WEIGHT = 0.6;
const QUALITY_WEIGHT = 1;
const TASTE_WEIGHT = 0.7;
const CLIPPED_WEIGHT = 0.5;
const MOST_POSITIONS = 24;

/**
 * How much the stretch from `fromFrame` to `toFrame` of a take is wanted at a tension of 0 to 1: crisp and well exposed, as
 * lively as the tension asks, and what the style likes (lively, wide, symmetric). Larger is better; about −1 to 5.
 */
export function momentWorth(
  take: Take,
  fromFrame: number,
  toFrame: number,
  tension: number,
  taste: Style['shots'],
): number {
  const motion = take.curves.motion(fromFrame, toFrame);
  return (
    QUALITY_WEIGHT * take.curves.quality(fromFrame, toFrame) -
    TENSION_WEIGHT * Math.abs(motion - tension) +
    TASTE_WEIGHT * (taste.action * motion + taste.wide * take.ranks.spread + taste.symmetry * take.ranks.symmetry) -
    CLIPPED_WEIGHT * take.shot.clipped
  );
}

/**
 * The best moment of `frames` frames between two frames of a take (its own bounds by default), or null when none is that long.
 * Long takes are looked at in 24 even steps.
 */
export function bestMoment(
  take: Take,
  frames: number,
  tension: number,
  taste: Style['shots'],
  fromFrame = take.startFrame,
  toFrame = take.endFrame,
): Moment | null {
  const slack = toFrame - fromFrame - frames;
  if (slack < 0) return null;
  const step = Math.max(1, Math.ceil(slack / MOST_POSITIONS));
  let best: Moment | null = null;
  for (let startFrame = fromFrame; startFrame <= fromFrame + slack; startFrame += step) {
    const worth = momentWorth(take, startFrame, startFrame + frames, tension, taste);
    if (!best || worth > best.worth + 1e-9) best = { startFrame, worth };
  }
  return best;
}
