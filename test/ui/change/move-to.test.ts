import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { moveTo, nearestBeat } from '../../../functions/ui/page/change/move-to.ts';
import { beatAfter, beatFrames } from '../../../shared/edits/beats.ts';
import type { Cut } from '../../../shared/timeline.ts';
import { planInputs, variedClips, wholeSong } from '../../functions/plan/analyses.ts';

const timeline = planTimeline(planInputs({ clips: variedClips(6), music: wholeSong(24) }));
const beats = beatFrames(timeline);

describe('where an edge is dragged to', () => {
  it('snaps to the nearest beat, and nowhere where the song has none', () => {
    const [, second = 0, third = 0] = beats;
    expect([second - 1, second, second + 2].map((frame) => nearestBeat(timeline, frame))).toEqual(
      Array(3).fill(second),
    );
    expect(nearestBeat(timeline, third - 1)).toBe(third);
    expect(nearestBeat(timeline, 1e6)).toBe(beats.at(-1));
    expect(nearestBeat({ ...timeline, beats: [] }, 17)).toBe(17);
  });

  it.each([
    ['on a beat', 0],
    ['off it', 1],
  ])('is said in beats from a cut %s, and that leads there', (_where, off) => {
    const from = (beats[4] ?? 0) + off;
    const cuts = timeline.cuts.with(2, { ...(timeline.cuts[2] as Cut), frame: from });
    const moved = { ...timeline, cuts };
    for (const to of beats.slice(1, 9)) {
      const change = moveTo(moved, 2, to);
      if (to === from) expect(change).toBeNull();
      else {
        expect(change).toMatchObject({ kind: 'move', cut: 2, unit: 'beats' });
        expect(beatAfter(moved, from, change?.by ?? 0)).toBe(to);
      }
    }
    expect(moveTo(moved, 2, from + 3)).toEqual({ kind: 'move', cut: 2, by: 3, unit: 'frames' });
    expect(moveTo(moved, 2, from - 2)).toEqual({ kind: 'move', cut: 2, by: -2, unit: 'frames' });
  });
});
