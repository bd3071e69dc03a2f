import { beatFrames } from '../../../../shared/edits/beats.ts';
import { secondsAt } from '../../../../shared/frame-rate.ts';
import type { Cut, Timeline } from '../../../../shared/timeline.ts';
import type { Moment } from './pictures.ts';

/** A cut of the montage, as the row beneath the player shows it. */
export interface RowCut {
  readonly frame: number;
  readonly frames: number;
  /** Seconds on the montage's clock. */
  readonly start: number;
  readonly end: number;
  /** Share of the whole. */
  readonly width: number;
  /** How long it is in beats, to half of one; null where the song has none there. */
  readonly beats: number | null;
  readonly source: string;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  /** Its middle, which its picture is made of. */
  readonly picture: Moment;
  readonly why: Cut['why'];
  readonly reason: string;
  /** Whether another style leaves it alone. */
  readonly locked: boolean;
}

/** The row of a timeline: every cut as wide as it is long. */
export function rowOf(timeline: Timeline): RowCut[] {
  const { cuts, frames, frameRate, sources } = timeline;
  const inBeats = beatsBetween(beatFrames(timeline));
  return cuts.map((cut) => ({
    frame: cut.frame,
    frames: cut.frames,
    start: secondsAt(cut.frame, frameRate),
    end: secondsAt(cut.frame + cut.frames, frameRate),
    width: cut.frames / frames,
    beats: inBeats(cut.frame, cut.frame + cut.frames),
    source: sources[cut.source]?.file ?? '',
    sourceStart: secondsAt(cut.sourceFrame, frameRate),
    sourceEnd: secondsAt(cut.sourceFrame + cut.sourceFrames, frameRate),
    picture: momentIn(timeline, cut.source, cut.sourceFrame, cut.sourceFrames),
    why: cut.why,
    reason: cut.reason,
    locked: cut.locked,
  }));
}

/** The middle of some frames of a source. */
export function momentIn(
  { sources, frameRate }: Pick<Timeline, 'sources' | 'frameRate'>,
  source: number,
  sourceFrame: number,
  sourceFrames: number,
): Moment {
  const { key = '', etag = '' } = sources[source] ?? {};
  return { key, etag, seconds: secondsAt(sourceFrame + Math.floor(sourceFrames / 2) + 0.5, frameRate) };
}

/** Measures in beats: between two of them by how far it is from one to the other, beyond the last by how far apart those are. */
function beatsBetween(beats: readonly number[]): (from: number, to: number) => number | null {
  const [first, second] = beats;
  const [last, beforeLast] = [beats.at(-1), beats.at(-2)];
  if (first === undefined || second === undefined || last === undefined || beforeLast === undefined) return () => null;
  const countAt = (frame: number): number => {
    if (frame <= first) return (frame - first) / (second - first);
    if (frame >= last) return beats.length - 1 + (frame - last) / (last - beforeLast);
    const at = beats.findLastIndex((beat) => beat <= frame);
    const [here = frame, next = frame + 1] = [beats[at], beats[at + 1]];
    return at + (frame - here) / (next - here);
  };
  return (from, to) => Math.round((countAt(to) - countAt(from)) * 2) / 2;
}

/** The number of the cut that is seen at a frame; the first one before all. */
export function cutAt(row: readonly Pick<RowCut, 'frame'>[], frame: number): number {
  let low = 0;
  for (let high = row.length - 1; low < high; ) {
    const middle = Math.ceil((low + high) / 2);
    if ((row[middle]?.frame ?? 0) <= frame) low = middle;
    else high = middle - 1;
  }
  return low;
}
