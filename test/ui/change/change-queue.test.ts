import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import {
  comingOf,
  idle,
  isIdle,
  type Queue,
  seenOf,
  settled,
  standing,
  withBack,
  withChange,
  withoutLast,
  withSeen,
  withSent,
} from '../../../functions/ui/page/change/change-queue.ts';
import type { CutChange } from '../../../shared/edits/change.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { planInputs, variedClips, wholeSong } from '../../functions/plan/analyses.ts';

const timeline = planTimeline(planInputs({ clips: variedClips(3), music: wholeSong(16) }));
const seen = (title: string): Timeline => ({ ...timeline, title });
const lock = (cut: number): CutChange => ({ kind: 'lock', cut, locked: true });
const slip = (cut: number, frames: number): CutChange => ({ kind: 'slip', cut, frames });
const replan = { kind: 'replan', order: { style: 'mtv' } } as const;
const start = idle(1, 1);
const sent = (queue: Queue) => {
  const next = withSent(queue);
  if (!next) throw new Error('there is nothing to send');
  return next;
};

describe('changes on their way', () => {
  it('are seen at once, and sent as the next revision', () => {
    const queue = withChange(start, lock(0), seen('a'));
    expect(seenOf(queue)?.title).toBe('a');
    const next = sent(queue);
    expect(next.sent).toMatchObject({ revision: 2, edit: { from: 1, changes: [lock(0)] } });
    expect([seenOf(next)?.title, next.waiting]).toEqual(['a', []]);
    expect(withSent(next)).toBeNull();
    expect(isIdle(settled(next, 2))).toBe(true);
    expect(seenOf(settled(next, 2))).toBeNull();
  });

  it('are gathered while one is being made, and sent together when it is', () => {
    const first = sent(withChange(start, lock(0), seen('a')));
    const waiting = withChange(withChange(first, lock(1), seen('b')), lock(2), seen('c'));
    expect(withSent(waiting)).toBeNull();
    expect(seenOf(waiting)?.title).toBe('c');
    expect(sent(settled(waiting, 2)).sent).toMatchObject({
      revision: 3,
      edit: { from: 2, changes: [lock(1), lock(2)] },
    });
  });

  it('start from the one before when what was sent never came to a plan', () => {
    const first = sent(withChange(start, replan, null));
    const waiting = withBack(first, 1, 2, seen('one'));
    expect(sent(settled(waiting, 1)).sent).toMatchObject({ revision: 3, edit: { from: 1, changes: [] } });
  });

  it('are a hundred to a revision at most', () => {
    const many = Array.from({ length: 130 }, (_, i) => lock(i));
    const queue = many.reduce((before, each) => withChange(before, each, seen('')), start);
    const next = sent(queue);
    expect([next.sent.edit.changes.length, next.waiting.length]).toEqual([100, 30]);
    expect(comingOf(queue).map(({ revision, from, changes }) => [revision, from, changes.length])).toEqual([
      [2, 1, 100],
      [3, 2, 30],
    ]);
  });

  it('become one where they slip the same cut', () => {
    const twice = withChange(withChange(start, slip(2, 1), seen('a')), slip(2, 3), seen('b'));
    expect(twice.waiting).toMatchObject([{ change: slip(2, 4), after: { title: 'b' } }]);
    expect(withChange(twice, slip(2, -4), seen('')).waiting).toEqual([]);
    expect(withChange(twice, slip(3, -4), seen('')).waiting.length).toBe(2);
  });
});

describe('taking back', () => {
  it('takes the last waiting change, to be done again until another is made', () => {
    const queue = withChange(withChange(start, lock(0), seen('a')), lock(1), seen('b'));
    const back = withoutLast(queue);
    expect([back && seenOf(back)?.title, back?.undone]).toEqual(['a', [lock(1)]]);
    expect(back && withChange(back, lock(5), seen('c')).undone).toEqual([]);
    expect(withoutLast(start)).toBeNull();
    expect(withoutLast(withBack(start, 1, 2, null))).toBeNull();
  });

  it('goes to a version that is seen as soon as it is known, and counts once', () => {
    const queue = withBack(withBack(idle(4, 4), 3, 4, null), 2, 4, null);
    expect(queue.waiting).toEqual([{ kind: 'back', to: 2, after: null }]);
    expect(seenOf(withSeen(queue, 2, seen('two')))?.title).toBe('two');
    expect(seenOf(withSeen(queue, 3, seen('three')))).toBeNull();
    expect(sent(queue).sent).toMatchObject({ revision: 5, edit: { from: 2, changes: [] } });
    expect(seenOf(withSeen(sent(queue), 2, seen('two')))?.title).toBe('two');
    expect(withBack(queue, 4, 4, null).waiting).toEqual([]);
  });

  it('and changing from there is one revision', () => {
    const queue = withChange(withBack(idle(4, 4), 2, 4, seen('two')), lock(1), seen('a'));
    expect(sent(queue).sent.edit).toEqual({ from: 2, changes: [lock(1)] });
    expect(standing(queue)).toEqual({ from: 2, changes: [lock(1)] });
    const later = withBack(withChange(start, lock(0), seen('a')), 1, 2, null);
    expect(standing(later)).toEqual({ from: 1, changes: [] });
    expect(sent(later).sent.edit).toEqual({ from: 1, changes: [lock(0)] });
  });
});
