import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { applyChange } from '../../../shared/edits/apply.ts';
import type { Cut, Timeline } from '../../../shared/timeline.ts';
import { planInputs, variedClips, wholeSong } from './analyses.ts';
import { readsOutsideShots, repeatedMoments } from './timeline-facts.ts';

const clips = variedClips(20);
const inputs = (style: string, order: object = {}) => planInputs({ clips, music: wholeSong(), style, ...order });
const shotsOf = (key: string) => inputs('mtv').clips.find(({ ref }) => ref.key === key)?.analysis.shots ?? [];
const lockedAt = (timeline: Timeline, indices: readonly number[]) =>
  indices.reduce((now, cut) => applyChange(now, { kind: 'lock', cut, locked: true }), timeline);
const moment = ({ frame, frames, source, sourceFrame, sourceFrames, locked }: Cut) => ({
  ...{ frame, frames, source, sourceFrame, sourceFrames, locked },
});

describe('another style for a timeline with locked cuts', () => {
  const dynamic = planTimeline(inputs('dynamic'));
  const last = dynamic.cuts.length - 1;
  it.each(
    [
      ['hitchcock', [0, 7, 8, last]],
      ['mtv', [3, 4, 5, 20]],
      ['minimalist', [10]],
      ['wes_anderson', [2, 6, last]],
    ].map(([style, indices]) => ({ style: style as string, indices: indices as number[] })),
  )(
    '$style keeps $indices where they are, with the same pictures, and shows them nowhere else',
    ({ style, indices }) => {
      const earlier = lockedAt(dynamic, indices);
      const replanned = planTimeline({ ...inputs(style), earlier });
      const kept = earlier.cuts.filter(({ locked }) => locked).map(moment);
      expect(replanned.cuts.filter(({ locked }) => locked).map(moment)).toEqual(kept);
      expect(repeatedMoments(replanned)).toEqual([]);
      expect(readsOutsideShots(replanned, shotsOf)).toEqual([]);
      expect(replanned.style.id).toBe(style);
      // The rest is of the new style.
      const free = planTimeline(inputs(style));
      const ratio = replanned.cuts.length / free.cuts.length;
      expect(ratio).toBeGreaterThan(0.6);
      expect(ratio).toBeLessThan(1.7);
    },
  );

  it('is the plain plan of that style where nothing is locked', () => {
    expect(planTimeline({ ...inputs('mtv'), earlier: dynamic })).toEqual(planTimeline(inputs('mtv')));
  });

  it('keeps all where all is locked, but for the look', () => {
    const earlier = lockedAt(dynamic, [...dynamic.cuts.keys()]);
    const replanned = planTimeline({ ...inputs('hitchcock'), earlier });
    expect(replanned.cuts.map(moment)).toEqual(earlier.cuts.map(moment));
    expect(replanned.cuts.every(({ grade }) => grade.look === replanned.cuts[0]?.grade.look)).toBe(true);
  });

  it('keeps cuts that lie off the beat', () => {
    const index = dynamic.cuts.findIndex(
      ({ frames, room, sourceFrame }, i) => i > 3 && frames > 20 && !!room && sourceFrame > room.from + 3,
    );
    const earlier = lockedAt(applyChange(dynamic, { kind: 'move', cut: index, by: 2, unit: 'frames' }), [index]);
    const replanned = planTimeline({ ...inputs('mtv'), earlier });
    expect(replanned.cuts.filter(({ locked }) => locked).map(moment)).toEqual([moment(earlier.cuts[index] as Cut)]);
  });

  it('is refused for a length that ends before a locked cut does', () => {
    const earlier = lockedAt(dynamic, [last]);
    expect(() => planTimeline({ ...inputs('mtv', { durationSeconds: 20 }), earlier })).toThrow(
      `Cut ${last + 1} is locked and lies after the new end; unlock it or ask for a longer montage`,
    );
  });
});
