import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DUCKING_BLOCK_SECONDS, duckingDb } from '../../../functions/assemble/ducking.ts';

const levels = fc.array(fc.double({ min: -90, max: 0, noNaN: true }), { minLength: 1, maxLength: 300 });
const loud = (level: number) => level > -29;

describe('ducking', () => {
  it('has the music fully down from the start to the end of every loud block', () => {
    fc.assert(
      fc.property(levels, fc.double({ min: 0, max: 24, noNaN: true }), (levelsDb, duckDb) => {
        const gains = duckingDb(levelsDb, -20, duckDb);
        levelsDb.forEach((level, i) => {
          if (!loud(level)) return;
          expect(gains[i]).toBeCloseTo(-duckDb, 4);
          expect(gains[i + 1]).toBeCloseTo(-duckDb, 4);
        });
        for (const gain of gains) expect(gain).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('never jumps: from full to down takes a fifth of a second or more', () => {
    fc.assert(
      fc.property(levels, (levelsDb) => {
        const gains = duckingDb(levelsDb, -20, 24);
        for (let i = 1; i < gains.length; i++) {
          expect(Math.abs((gains[i] as number) - (gains[i - 1] as number))).toBeLessThanOrEqual(
            (24 * DUCKING_BLOCK_SECONDS) / 0.2,
          );
        }
      }),
    );
  });

  it('leaves the music alone where clips are quiet or silent', () => {
    expect([...duckingDb([-60, Number.NEGATIVE_INFINITY, -40], -20, 12)].every((gain) => Math.abs(gain) === 0)).toBe(
      true,
    );
  });

  it('stays down between words and is back a little more than a second after the last one', () => {
    const blocks = (seconds: number, level: number) =>
      Array<number>(Math.round(seconds / DUCKING_BLOCK_SECONDS)).fill(level);
    const gains = duckingDb([...blocks(1, -10), ...blocks(0.3, -70), ...blocks(1, -10), ...blocks(2, -70)], -12, 10);
    const at = (seconds: number) => gains[Math.round(seconds / DUCKING_BLOCK_SECONDS)] as number;
    expect(at(1.15)).toBe(-10);
    expect(at(2.5)).toBe(-10);
    expect(at(3)).toBeGreaterThan(-9);
    expect(at(3.6)).toBeCloseTo(0, 5);
  });
});
