import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { cutAt, rowOf } from '../../../functions/ui/page/change/cut-row.ts';
import type { Cut } from '../../../shared/timeline.ts';
import { planInputs, variedClips, wholeSong } from '../../functions/plan/analyses.ts';

const timeline = planTimeline(planInputs({ clips: variedClips(3), music: wholeSong(16) }));
const cut = (frame: number, frames: number): Cut => ({ ...(timeline.cuts[0] as Cut), frame, frames });

describe('the row of cuts', () => {
  const row = rowOf({ ...timeline, frames: 100, cuts: [cut(0, 20), cut(20, 55), cut(75, 25)] });

  it('is as wide as the cuts are long, and covers the montage', () => {
    expect(row.map(({ width }) => width)).toEqual([0.2, 0.55, 0.25]);
    expect(row.map(({ start, end }) => [start, end])).toEqual([
      [0, 0.8],
      [0.8, 3],
      [3, 4],
    ]);
  });

  it('says how many beats a cut lasts, to half of one, also beyond the last', () => {
    // Two beats a second at 25 frames: 12 and 13 frames apart in turn.
    const beats = [0, 0.5, 1, 1.5, 2];
    const lengths = rowOf({ ...timeline, beats, frames: 100, cuts: [cut(0, 25), cut(25, 6), cut(31, 69)] });
    expect(lengths.map((each) => each.beats)).toEqual([2, 0.5, 5.5]);
    expect(rowOf({ ...timeline, beats: [], frames: 25, cuts: [cut(0, 25)] })[0]?.beats).toBeNull();
  });

  it('has the picture of a cut made of its middle', () => {
    const [first] = rowOf({ ...timeline, frames: 20, cuts: [{ ...cut(0, 20), sourceFrame: 50, sourceFrames: 20 }] });
    expect(first?.picture).toMatchObject({
      etag: timeline.sources[timeline.cuts[0]?.source ?? -1]?.etag,
      seconds: 60.5 / 25,
    });
  });

  it('says which cut is seen at a frame', () => {
    expect([-1, 0, 19, 20, 74, 75, 99, 1000].map((frame) => cutAt(row, frame))).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
    expect(cutAt([], 5)).toBe(0);
  });
});
