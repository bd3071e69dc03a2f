import { type FrameRate, secondsAt } from '../../../shared/frame-rate.ts';
import type { Report } from '../../../shared/report.ts';

/** A cut of the finished montage, as the row beneath the player shows it. */
export interface RowCut {
  readonly frame: number;
  readonly frames: number;
  /** Seconds on the montage's clock. */
  readonly start: number;
  readonly end: number;
  /** Shares of the whole. */
  readonly left: number;
  readonly width: number;
  readonly source: string;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly reason: string;
  /** Whether it starts on a beat of the song. */
  readonly onBeat: boolean;
}

/** The row of a report: every cut as wide as it is long. */
export function rowOf({ cuts, output }: Pick<Report, 'cuts' | 'output'>): RowCut[] {
  const rate: FrameRate = output.frameRate;
  return cuts.map((cut, i) => {
    const until = cuts[i + 1]?.frame ?? output.frames;
    return {
      frame: cut.frame,
      frames: until - cut.frame,
      start: secondsAt(cut.frame, rate),
      end: secondsAt(until, rate),
      left: cut.frame / output.frames,
      width: (until - cut.frame) / output.frames,
      source: cut.source,
      sourceStart: cut.sourceStart,
      sourceEnd: cut.sourceEnd,
      reason: cut.reason,
      onBeat: cut.beat !== null,
    };
  });
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
