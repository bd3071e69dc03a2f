import { type Cut, SLOWEST_SPEED, type Timeline } from '../timeline.ts';
import { handlesOf, NO_HANDLES, roomOf, speedOf, startWithin } from './span.ts';

export interface Resized {
  cut: Cut;
  /** How many source frames the picture had to be moved against the song so that the shot reaches. */
  slipped: number;
}

/**
 * A cut that starts and ends elsewhere on the timeline, with the same picture at the same time of the song as far as its shot
 * reaches; where that isn't long enough it is played slower, down to 0.8 of its speed. Null where it is too short even so.
 */
export function resize(timeline: Timeline, index: number, frame: number, frames: number): Resized | null {
  const cut = timeline.cuts[index];
  if (!cut || frames < 1) return null;
  const room = roomOf(timeline, cut);
  const speed = speedOf(cut);
  const sourceFrames = Math.min(Math.max(1, Math.round(frames * speed)), room.to - room.from);
  if (sourceFrames < Math.floor(frames * Math.min(speed, SLOWEST_SPEED))) return null;
  const inTime = cut.sourceFrame + Math.round((frame - cut.frame) * speed);
  const start =
    startWithin(room, sourceFrames, handlesOf(timeline.cuts, index), inTime) ??
    startWithin(room, sourceFrames, NO_HANDLES, inTime);
  if (start === null) return null;
  return { cut: { ...cut, frame, frames, sourceFrame: start, sourceFrames }, slipped: Math.abs(start - inTime) };
}
