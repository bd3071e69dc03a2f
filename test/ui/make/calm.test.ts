import { describe, expect, it } from 'vitest';
import { calmly, type Said } from '../../../functions/ui/page/make/calm.ts';
import { type Sample, timeLeft } from '../../../functions/ui/page/make/time-left.ts';

/** What is said each second, of what is known each second. */
function said(known: readonly (number | null)[], doubt = 1): (number | null)[] {
  let before: Said | null = null;
  return known.map((seconds, i) => {
    before = calmly(before, seconds === null ? null : { least: seconds / doubt, most: seconds }, i * 1000);
    return before?.left.most ?? null;
  });
}

describe('what is said of the time left', () => {
  it.each([
    ['falls at once', [60, 50, 49, 20], [60, 50, 49, 20]],
    ['does not rise for a slow piece that the next makes up for', [60, 59, 65, 64, 57], [60, 59, 59, 59, 57]],
    ['rises once it has been more for three seconds', [60, 66, 67, 68, 69, 70], [60, 60, 60, 60, 69, 69]],
    ['waits anew after it has fallen in between', [60, 66, 67, 59, 66, 67, 68], [60, 60, 60, 59, 59, 59, 59]],
    ['rises at once where it would be wrong by a third', [60, 90, 91], [60, 90, 90]],
    ['is nothing where nothing is known, and what is known then', [60, null, 80], [60, null, 80]],
  ])('%s', (_, known, expected) => {
    expect(said(known)).toEqual(expected);
  });

  it('waits with a range, however far it rises: it says itself that it isn’t sure', () => {
    expect(said([60, 90, 90, 90, 90], 2)).toEqual([60, 60, 60, 60, 90]);
  });

  it('rises seldom while pieces take now one second and now three, and is within 30 % from a third of the way on', () => {
    const ends = [0];
    for (let i = 0; i < 60; i += 1) ends.push((ends.at(-1) ?? 0) + ([1, 3, 1.5, 2.5][i % 4] ?? 0));
    const whole = ends.at(-1) ?? 0;
    let [before, rises]: [Said | null, number] = [null, 0];
    for (let second = 0; second < whole - 10; second += 1) {
      const done = ends.flatMap((end, i): Sample[] => (end <= second ? [{ at: end * 1000, madeFrames: i * 10 }] : []));
      const now = calmly(before, timeLeft(done, 600, second * 1000), second * 1000);
      if (before && now && now.left.most > before.left.most) rises += 1;
      before = now;
      if (second < whole / 3 + 3 || !now) continue;
      expect(Math.abs(now.left.most - (whole - second))).toBeLessThan(0.3 * (whole - second));
    }
    expect(rises).toBeLessThanOrEqual(3);
  });
});
