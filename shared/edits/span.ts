import { secondsAt } from '../frame-rate.ts';
import type { Cut, Room, Timeline } from '../timeline.ts';

/** Frames of its source that a cut needs before its first shown one and after its last, for dissolves with its neighbours. */
export interface Handles {
  before: number;
  after: number;
}
export const NO_HANDLES: Handles = { before: 0, after: 0 };

/** Source frames a timeline frame: 1, or less in slow motion. */
export const speedOf = ({ frames, sourceFrames }: Pick<Cut, 'frames' | 'sourceFrames'>): number =>
  sourceFrames / frames;

export function handlesOf(cuts: readonly Cut[], index: number): Handles {
  const cut = cuts[index];
  const speed = cut ? speedOf(cut) : 1;
  const handle = (transition: Cut['transition'] | undefined, side: 'inFrames' | 'outFrames') =>
    transition?.kind === 'crossfade' ? Math.ceil(transition[side] * speed) : 0;
  return { before: handle(cut?.transition, 'inFrames'), after: handle(cuts[index + 1]?.transition, 'outFrames') };
}

/** The shot that a moment of a source is part of; all of the source where that isn't known. */
export function roomOf({ sources, frameRate }: Timeline, { room, source }: Pick<Cut, 'room' | 'source'>): Room {
  const seconds = sources[source]?.durationSeconds ?? 0;
  return room ?? { from: 0, to: Math.max(1, Math.floor(seconds / secondsAt(1, frameRate) + 1e-3)) };
}

/** The start nearest to `wanted` at which a moment lies in its room with its handles; null where the room is too small. */
export function startWithin(
  room: Room,
  sourceFrames: number,
  { before, after }: Handles,
  wanted: number,
): number | null {
  const first = room.from + before;
  const last = room.to - after - sourceFrames;
  return last < first ? null : Math.min(last, Math.max(first, wanted));
}
