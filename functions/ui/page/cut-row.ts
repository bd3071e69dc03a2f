import { secondsAt } from '../../../shared/frame-rate.ts';
import type { Timeline } from '../../../shared/timeline.ts';

/** A cut of the finished montage, as the row beneath the player shows it. */
export interface RowCut {
  readonly frame: number;
  readonly frames: number;
  /** Seconds on the montage's clock. */
  readonly start: number;
  readonly end: number;
  /** Share of the whole. */
  readonly width: number;
  readonly source: string;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly reason: string;
  /** Whether another style leaves it alone. */
  readonly locked: boolean;
}

/** The row of a timeline: every cut as wide as it is long. */
export function rowOf(timeline: Pick<Timeline, 'cuts' | 'frames' | 'frameRate' | 'sources'>): RowCut[] {
  const { cuts, frames, frameRate, sources } = timeline;
  return cuts.map((cut) => ({
    frame: cut.frame,
    frames: cut.frames,
    start: secondsAt(cut.frame, frameRate),
    end: secondsAt(cut.frame + cut.frames, frameRate),
    width: cut.frames / frames,
    source: sources[cut.source]?.file ?? '',
    sourceStart: secondsAt(cut.sourceFrame, frameRate),
    sourceEnd: secondsAt(cut.sourceFrame + cut.sourceFrames, frameRate),
    reason: cut.reason,
    locked: cut.locked,
  }));
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
