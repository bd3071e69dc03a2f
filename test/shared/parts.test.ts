import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplesOf } from '../../shared/content-id.ts';
import {
  bytesOfPart,
  isWorthParts,
  MOST_BYTES,
  MOST_PARTS,
  partBytesFor,
  partNumbers,
  rangeOfPart,
} from '../../shared/parts.ts';

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

describe('the parts of a file', () => {
  it('are of 8 MiB up to 64 GiB, and beyond that no more than S3 takes', () => {
    for (const bytes of [1, 8 * MEBIBYTE, 500 * MEBIBYTE, 64 * GIBIBYTE])
      expect(partBytesFor(bytes)).toBe(8 * MEBIBYTE);
    expect(partBytesFor(64 * GIBIBYTE + 1)).toBe(9 * MEBIBYTE);
    expect(partBytesFor(MOST_BYTES)).toBe(640 * MEBIBYTE);
    expect([8 * MEBIBYTE, 8 * MEBIBYTE + 1].map(isWorthParts)).toEqual([false, true]);
  });

  it('follow one another from the first byte to the last, each but the last as large as S3 wants it', () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 200 * MEBIBYTE }), fc.integer({ min: 1, max: MOST_BYTES }));
    fc.assert(
      fc.property(sizes, (bytes) => {
        const cut = { bytes, partBytes: partBytesFor(bytes) };
        const numbers = partNumbers(cut);
        expect(numbers.length).toBeLessThanOrEqual(MOST_PARTS);
        let next = 0;
        for (const number of numbers) {
          const { start, end } = rangeOfPart(cut, number);
          if (start !== next || end <= start) throw new Error(`part ${number} begins at ${start}, not ${next}`);
          if (number < numbers.length && end - start < 5 * MEBIBYTE) throw new Error(`part ${number} is too small`);
          next = start + bytesOfPart(cut, number);
        }
        expect(next).toBe(bytes);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the samples that a content is known by', () => {
  it('are all of a small file, and three mebibytes of a large one, its ends among them', () => {
    expect(samplesOf(10)).toEqual([{ start: 0, end: 10 }]);
    expect(samplesOf(3 * MEBIBYTE)).toEqual([{ start: 0, end: 3 * MEBIBYTE }]);
    const bytes = 3 * MEBIBYTE + 1;
    expect(samplesOf(bytes)).toEqual([
      { start: 0, end: MEBIBYTE },
      { start: MEBIBYTE, end: 2 * MEBIBYTE },
      { start: 2 * MEBIBYTE + 1, end: bytes },
    ]);
    expect(samplesOf(MOST_BYTES).at(-1)?.end).toBe(MOST_BYTES);
  });
});
