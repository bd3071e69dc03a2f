import { fadesThatFit } from '../../shared/edits/fades.ts';
import { nearestFrame } from '../../shared/frame-rate.ts';
import { type Cut, type Timeline, TimelineSchema } from '../../shared/timeline.ts';

const HALF_SECONDS = 4;
/** A cut so near to either end is where it begins or ends. */
const NEAR_SECONDS = 1;

/**
 * The eight seconds of a timeline around the song's drop, from calm to loud: for every style the same moment of the song, so that it is
 * the styles that differ. Begins and ends with a cut where one is near, so that a loop of it has one cut more and no stump.
 * Where the song has no drop, those in the middle.
 */
export function tellingStretch(timeline: Timeline): Timeline {
  const seconds = (count: number) => nearestFrame(count, timeline.frameRate);
  const { cuts, markers } = timeline;
  const middle = markers.find(({ label }) => label === 'drop')?.frame ?? timeline.frames >> 1;
  const from = Math.max(0, middle - seconds(HALF_SECONDS));
  const to = Math.min(timeline.frames, middle + seconds(HALF_SECONDS));
  const bounds = cuts.map(({ frame }) => frame);
  const start = bounds.find((frame) => frame >= from && frame <= from + seconds(NEAR_SECONDS)) ?? from;
  const end = bounds.findLast((frame) => frame <= to && frame >= to - seconds(NEAR_SECONDS)) ?? to;
  const shown = cuts
    .filter(({ frame, frames }) => frame < end && frame + frames > start)
    .map((cut) => within(cut, start, end));
  // No song is heard with it, so its places in the song are left out.
  const stretch: Timeline = { ...timeline, cuts: shown, frames: end - start, beats: [], markers: [] };
  return TimelineSchema.parse(fadesThatFit(stretch, [0, 1, shown.length - 1]));
}

/** What is seen of a cut between two frames, as fast as before, counted from the first of them. */
function within(cut: Cut, start: number, end: number): Cut {
  const speed = cut.sourceFrames / cut.frames;
  const skipped = Math.max(0, start - cut.frame);
  const frames = Math.min(cut.frame + cut.frames, end) - cut.frame - skipped;
  return {
    ...cut,
    frame: cut.frame + skipped - start,
    frames,
    sourceFrame: cut.sourceFrame + Math.round(skipped * speed),
    sourceFrames: Math.max(1, Math.round(frames * speed)),
  };
}
