import { beatFrames } from '../../../../shared/edits/beats.ts';
import type { CutChange } from '../../../../shared/edits/change.ts';
import type { Timeline } from '../../../../shared/timeline.ts';

/** The beat nearest to a frame; the frame itself where the song has none. */
export function nearestBeat(timeline: Timeline, frame: number): number {
  return beatFrames(timeline).reduce(
    (best, beat) => (Math.abs(beat - frame) < Math.abs(best - frame) ? beat : best),
    beatFrames(timeline)[0] ?? frame,
  );
}

/** The change that has a cut start at a frame, in beats where it is one; null where it starts there already. */
export function moveTo(timeline: Timeline, index: number, frame: number): Extract<CutChange, { kind: 'move' }> | null {
  const from = timeline.cuts[index]?.frame ?? frame;
  if (frame === from) return null;
  const beats = beatFrames(timeline);
  const [to, at] = [beats.indexOf(frame), beats.findLastIndex((beat) => beat <= from)];
  if (to < 0) return { kind: 'move', cut: index, by: frame - from, unit: 'frames' };
  const start = frame < from && beats[at] !== from ? at + 1 : at;
  return { kind: 'move', cut: index, by: to - start, unit: 'beats' };
}
