import { describe, expect, it } from 'vitest';
import { rounded, type Sample, timeLeft, withSample } from '../../../functions/ui/page/make/time-left.ts';
import { english } from '../../../functions/ui/page/words/english.ts';
import { german } from '../../../functions/ui/page/words/german.ts';

/** Pieces of 10 frames, one every so many seconds. */
const steady = (pieces: number, seconds: number): Sample[] =>
  Array.from({ length: pieces + 1 }, (_, i) => ({ at: i * seconds * 1000, madeFrames: i * 10 }));

describe('the time left', () => {
  it('is nothing while nothing is known, and nothing when nothing is left', () => {
    expect(timeLeft([], 100, 0)).toBeNull();
    expect(timeLeft(steady(0, 1), 100, 5000)).toBeNull();
    expect(timeLeft(steady(10, 1), 100, 10_000)).toBeNull();
  });

  it('is a range that holds the truth after the first piece, and narrows with each', () => {
    const widths = [1, 2, 4].map((pieces) => {
      const left = timeLeft(steady(pieces, 2), 200, pieces * 2000);
      const truth = (20 - pieces) * 2;
      expect(left?.least).toBeLessThan(truth);
      expect(left?.most).toBeGreaterThan(truth);
      return ((left?.most ?? 0) - (left?.least ?? 0)) / truth;
    });
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
  });

  it('is one number from a third of the way on', () => {
    expect(timeLeft(steady(7, 2), 200, 14_000)).toEqual({ least: 26, most: 26 });
  });

  it('counts on between two pieces, and never below nothing', () => {
    expect(timeLeft(steady(7, 2), 200, 15_000)?.most).toBe(25);
    expect(timeLeft(steady(19, 2), 200, 39_000)?.most).toBe(1);
    expect(timeLeft(steady(19, 2), 200, 60_000)?.most).toBeGreaterThan(0);
  });

  it('counts from what was there when the page was opened', () => {
    const opened = steady(14, 2).slice(7);
    expect(timeLeft(opened, 200, 28_000)).toEqual({ least: 12, most: 12 });
  });

  it('keeps a sample only where something was finished', () => {
    const one = withSample([], { at: 0, madeFrames: 0 });
    expect(withSample(one, { at: 5, madeFrames: 0 })).toBe(one);
    expect(withSample(one, { at: 5, madeFrames: 3 })).toHaveLength(2);
  });

  it('is said as coarsely as it is known', () => {
    expect([1, 12, 56, 58, 100, 600].map(rounded)).toEqual([
      { value: 5, unit: 's' },
      { value: 10, unit: 's' },
      { value: 55, unit: 's' },
      { value: 1, unit: 'min' },
      { value: 2, unit: 'min' },
      { value: 10, unit: 'min' },
    ]);
    expect(english.left({ least: 26, most: 26 }, false)).toBe('About 25 s left for rendering');
    expect(english.left({ least: 21, most: 68 }, false)).toBe('20 s to 1 min left for rendering');
    expect(english.left({ least: 20, most: 41 }, false)).toBe('20–40 s left for rendering');
    expect(english.left({ least: 20, most: 41 }, true)).toBe('20–40 s left for making the pictures larger');
    expect(german.left({ least: 120, most: 300 }, false)).toBe('Noch 2–5 Min. Rendern');
  });
});
