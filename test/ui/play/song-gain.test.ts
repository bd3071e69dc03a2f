import { describe, expect, it } from 'vitest';
import { songGain } from '../../../functions/ui/page/play/song-gain.ts';

describe('how loud the song is', () => {
  it('is as it is mixed: whole, and falling with equal power at the end', () => {
    expect([0, 50, 56].map((seconds) => songGain(seconds, 60, 4))).toEqual([1, 1, 1]);
    expect(songGain(58, 60, 4)).toBeCloseTo(Math.SQRT1_2, 9);
    expect(songGain(60, 60, 4)).toBeCloseTo(0, 9);
    expect(songGain(61, 60, 4)).toBe(0);
    expect(songGain(60, 60, 0)).toBe(1);
  });
});
