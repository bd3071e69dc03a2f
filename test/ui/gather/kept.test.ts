import { describe, expect, it } from 'vitest';
import { kept } from '../../../functions/ui/page/gather/kept.ts';

const clip = (key: string, state: string, etag = 'e') => ({ key, etag, found: { state } });

describe('a list that is asked for again', () => {
  it('is the very same while nothing of it has changed', () => {
    const before = [clip('a', 'pending'), clip('b', 'ready')];
    expect(kept(before, structuredClone(before))).toBe(before);
  });

  it('has a new part only where something is new', () => {
    const before = [clip('a', 'pending'), clip('b', 'ready'), clip('c', 'ready')];
    const now = kept(before, [
      clip('a', 'ready'),
      clip('b', 'ready'),
      clip('c', 'ready', 'other'),
      clip('d', 'pending'),
    ]);
    expect(now).not.toBe(before);
    expect(now.map((each, i) => each === before[i])).toEqual([false, true, false, false]);
    expect(kept(before, before.slice(1))).toEqual(before.slice(1));
  });
});
