import { describe, expect, it } from 'vitest';
import {
  broken,
  changed,
  nextTry,
  placeFor,
  starting,
  type Upload,
  waiting,
} from '../../functions/ui/page/upload-queue.ts';

const clip = (id: number, state: Upload['state'] = 'waiting', more: Partial<Upload> = {}): Upload => ({
  ...waiting({ id, bucket: 'input', set: 'summer', path: `${id}.mp4`, bytes: 10 }),
  state,
  ...more,
});
const song = (id: number): Upload => ({ ...clip(id), bucket: 'music', set: null });
const ids = (some: readonly Upload[]) => some.map(({ id }) => id);

describe('the queue of uploads', () => {
  it('sends three at once, songs first, then in the order of dropping', () => {
    expect(ids(starting([clip(1), clip(2), song(3), clip(4)], 0))).toEqual([3, 1, 2]);
    expect(ids(starting([clip(1, 'sending'), clip(2, 'sending'), clip(3), clip(4)], 0))).toEqual([3]);
    expect(starting([clip(1, 'sending'), clip(2, 'sending'), clip(3, 'sending'), clip(4)], 0)).toEqual([]);
    expect(starting([clip(1, 'sent'), clip(2, 'failed')], 0)).toEqual([]);
  });

  it('holds back what may not start yet, and nothing else', () => {
    expect(ids(starting([clip(1), song(2)], 0, ({ bucket }) => bucket === 'music'))).toEqual([2]);
  });

  it('tries a broken one again after one, two, four … seconds, half a minute at most', () => {
    let upload = clip(1, 'sending');
    const pauses = Array.from({ length: 7 }, () => {
      upload = { ...upload, ...broken(upload, 1000) };
      return ((upload.retryAt ?? 0) - 1000) / 1000;
    });
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(upload.state).toBe('retrying');
    expect(starting([{ ...upload, retryAt: 500 }], 499)).toEqual([]);
    expect(ids(starting([{ ...upload, retryAt: 500 }], 500))).toEqual([1]);
    expect(nextTry([{ ...upload, retryAt: 500 }, clip(2, 'retrying', { retryAt: 300 })], 100)).toBe(200);
    expect(nextTry([clip(1), clip(2, 'sending')], 0)).toBeNull();
  });

  it('changes one and leaves the others as they are', () => {
    const queue = [clip(1), clip(2)];
    const after = changed(queue, 2, { state: 'sent' });
    expect(after.map(({ state }) => state)).toEqual(['waiting', 'sent']);
    expect(after[0]).toBe(queue[0]);
  });
});

describe('a name in the store', () => {
  const taken = new Map([
    ['s/a.mp4', 10],
    ['s/a (2).mp4', 20],
    ['s/noending', 1],
  ]);
  it('is free, or the same file, or gets a number', () => {
    expect(placeFor('s/b.mp4', 10, taken)).toEqual({ key: 's/b.mp4', there: false });
    expect(placeFor('s/a.mp4', 10, taken)).toEqual({ key: 's/a.mp4', there: true });
    expect(placeFor('s/a.mp4', 20, taken)).toEqual({ key: 's/a (2).mp4', there: true });
    expect(placeFor('s/a.mp4', 30, taken)).toEqual({ key: 's/a (3).mp4', there: false });
    expect(placeFor('s/noending', 2, taken)).toEqual({ key: 's/noending (2)', there: false });
  });
});
