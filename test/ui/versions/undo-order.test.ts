import { describe, expect, it } from 'vitest';
import { undoOrder } from '../../../functions/ui/page/versions/undo-order.ts';
import { versionsOf } from '../../../functions/ui/page/versions/versions.ts';
import type { Revision } from '../../../shared/api/revisions.ts';

const lock = { kind: 'lock', cut: 0, locked: true } as const;
const first: Revision = {
  ...{ revision: 1, from: null, changes: [], planned: true, finished: false },
  createdAt: '2026-11-27T00:00:00.000Z',
};
/** Revisions from the second on: `+3` changes the third, `3` goes back to it, `+3!` was never planned. */
const list = (...made: string[]): Revision[] => [
  first,
  ...made.map((text, i) => ({
    ...first,
    ...{ revision: i + 2, from: Number.parseInt(text.replace('+', ''), 10), planned: !text.endsWith('!') },
    changes: text.startsWith('+') ? [lock] : [],
  })),
];

describe('what undo and redo lead to', () => {
  it.each([
    ['nothing was changed', [], { now: 1, undo: null, redo: null }],
    ['one change', ['+1'], { now: 2, undo: 1, redo: null }],
    ['changes that follow one another', ['+1', '+2', '+3'], { now: 4, undo: 3, redo: null }],
    ['one undone', ['+1', '+2', '2'], { now: 2, undo: 1, redo: 3 }],
    ['two undone', ['+1', '+2', '2', '1'], { now: 1, undo: null, redo: 2 }],
    ['two undone, one done again', ['+1', '+2', '2', '1', '2'], { now: 2, undo: 1, redo: 3 }],
    ['all done again', ['+1', '+2', '2', '1', '2', '3'], { now: 3, undo: 2, redo: null }],
    ['a copy of a version gone back to', ['+1', '+2', '2', '4'], { now: 2, undo: 1, redo: 3 }],
    ['a change of a version gone back to', ['+1', '+2', '2', '+4'], { now: 5, undo: 2, redo: null }],
    ['two undone at once', ['+1', '+2', '+3', '2'], { now: 2, undo: 1, redo: 3 }],
    ['two undone at once, two done again at once', ['+1', '+2', '+3', '2', '4'], { now: 4, undo: 3, redo: null }],
    ['a version that nothing led to any longer', ['+1', '1', '+1', '2'], { now: 2, undo: 4, redo: null }],
    ['undone again from there', ['+1', '1', '+1', '2', '4'], { now: 4, undo: 1, redo: 2 }],
    ['a change that starts from an older one', ['+1', '+2', '+1'], { now: 4, undo: 1, redo: null }],
    ['a change that is being planned', ['+1', '+2!'], { now: 3, undo: 2, redo: null }],
    ['undone, and it was never planned', ['+1', '+2!', '2'], { now: 2, undo: 1, redo: null }],
    ['a change after one that was never planned', ['+1!', '+1'], { now: 3, undo: 1, redo: null }],
  ])('after %s', (_what, made, order) => {
    expect(undoOrder(list(...made))).toEqual(order);
  });

  it('is not known while there is no list', () => {
    expect(undoOrder([])).toBeNull();
  });
});

describe('the versions of a montage', () => {
  it('are what was changed, newest first, without those that only went back', () => {
    const versions = versionsOf(list('+1', '1', '+3', '2'));
    expect(versions.map(({ revision, from }) => [revision, from])).toEqual([
      [4, 1],
      [2, 1],
      [1, null],
    ]);
  });

  it('are finished when a revision like them is', () => {
    const revisions = list('+1', '1').map((each) => ({ ...each, finished: each.revision === 3 }));
    expect(versionsOf(revisions).map(({ finished }) => finished)).toEqual([null, 3]);
  });
});
