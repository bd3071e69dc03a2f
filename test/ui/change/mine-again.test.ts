import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { mineAgain } from '../../../functions/ui/page/change/mine-again.ts';
import { applyChange } from '../../../shared/edits/apply.ts';
import type { CutChange } from '../../../shared/edits/change.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { planInputs, variedClips, wholeSong } from '../../functions/plan/analyses.ts';

const timeline = planTimeline(planInputs({ clips: variedClips(20), music: wholeSong(), style: 'dynamic' }));
const works = (of: Timeline, change: CutChange): boolean => {
  try {
    applyChange(of, change);
    return true;
  } catch {
    return false;
  }
};
const removable = timeline.cuts.findIndex((_, cut) => cut > 2 && works(timeline, { kind: 'remove', cut }));
const later = timeline.cuts.findIndex(({ alternatives }, i) => i > removable + 2 && alternatives.length > 1);
const theirs = applyChange(timeline, { kind: 'remove', cut: removable });

describe('doing mine again on what somebody else has made', () => {
  it('finds the cut, though there is one less before it', () => {
    const { made, lost } = mineAgain(timeline, [{ kind: 'lock', cut: later, locked: true }], theirs);
    expect(lost).toEqual([]);
    expect(made).toMatchObject([{ change: { kind: 'lock', cut: later - 1, locked: true } }]);
    expect(made[0]?.after?.cuts[later - 1]?.locked).toBe(true);
  });

  it('finds the moment, wherever it is among those that came second', () => {
    const wanted = timeline.cuts[later]?.alternatives[1];
    const cuts = theirs.cuts.with(later - 1, {
      ...(theirs.cuts[later - 1] as Timeline['cuts'][number]),
      alternatives: timeline.cuts[later]?.alternatives.toReversed() ?? [],
    });
    const swap: CutChange = { kind: 'swap', cut: later, alternative: 1 };
    const { made } = mineAgain(timeline, [swap], { ...theirs, cuts });
    expect(made[0]?.after?.cuts[later - 1]?.sourceFrame).toBe(wanted?.sourceFrame);
    const none = theirs.cuts.map((cut) => ({ ...cut, alternatives: [] }));
    expect(mineAgain(timeline, [swap], { ...theirs, cuts: none })).toEqual({
      made: [],
      lost: [`Cut ${later} can no longer be swapped for that moment`],
    });
  });

  it('makes what can be made, and says what can not', () => {
    const changes: CutChange[] = [
      { kind: 'lock', cut: removable, locked: true },
      { kind: 'lock', cut: later, locked: true },
    ];
    const { made, lost } = mineAgain(timeline, changes, theirs);
    expect(made.length).toBe(1);
    expect(lost).toEqual([`Cut ${removable + 1} is no longer there as it was`]);
    const locked = applyChange(theirs, { kind: 'lock', cut: later - 1, locked: true });
    expect(mineAgain(timeline, [{ kind: 'remove', cut: later }], locked).lost).toEqual([
      `Cut ${later} is locked; unlock it to change it`,
    ]);
  });

  it('asks for another style again as it is', () => {
    const replan = { kind: 'replan', order: { style: 'mtv' } } as const;
    expect(mineAgain(timeline, [replan], theirs)).toEqual({ made: [{ change: replan, after: null }], lost: [] });
  });
});
