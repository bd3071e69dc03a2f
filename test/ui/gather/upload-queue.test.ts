import { describe, expect, it } from 'vitest';
import {
  broken,
  changed,
  freeKey,
  isGoing,
  isUnderWay,
  nextTry,
  placeFor,
  starting,
  type Upload,
  waiting,
  wantedAs,
} from '../../../functions/ui/page/gather/upload-queue.ts';

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

describe('an upload', () => {
  const states = ['waiting', 'sending', 'retrying', 'paused', 'wanted', 'sent', 'failed'] as const;
  it('is under way until it is there or has failed, and can be paused while it goes', () => {
    expect(states.filter((state) => isUnderWay(clip(1, state)))).toEqual(states.slice(0, 5));
    expect(states.filter((state) => isGoing(clip(1, state)))).toEqual(states.slice(0, 3));
    expect(starting([clip(1, 'paused'), clip(2, 'wanted')], 0)).toEqual([]);
  });

  it('that wants its file takes one of its name and size, of the same folder and set first', () => {
    const queue = [
      clip(1, 'wanted', { set: 'winter', path: 'day/a.mp4' }),
      clip(2, 'wanted', { path: 'day/a.mp4' }),
      clip(3, 'wanted', { path: 'a.mp4' }),
      clip(4, 'waiting', { path: 'b.mp4' }),
    ];
    const of = (path: string, more: Partial<Upload> = {}) => wantedAs(queue, { ...clip(9), path, ...more })?.id;
    expect([of('a.mp4'), of('day/a.mp4'), of('else/a.mp4')]).toEqual([3, 2, 2]);
    expect(of('a.mp4', { set: 'autumn' })).toBe(1);
    expect([of('a.mp4', { bytes: 11 }), of('a.mp4', { bucket: 'music' }), of('b.mp4')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
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
  it('that nobody has is found by counting', () => {
    expect(['s/b.mp4', 's/a.mp4', 's/noending'].map((key) => freeKey(key, taken))).toEqual([
      's/b.mp4',
      's/a (3).mp4',
      's/noending (2)',
    ]);
  });
});
