import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { colourOf } from '../../../functions/analyze-footage/colour.ts';
import { FeatureExtractor } from '../../../functions/analyze-footage/features.ts';
import { motionOf } from '../../../functions/analyze-footage/motion.ts';
import { bytesOf, pictureOf } from '../../../functions/analyze-footage/picture.ts';
import { sharpnessOf } from '../../../functions/analyze-footage/sharpness.ts';
import { spreadOf } from '../../../functions/analyze-footage/spread.ts';
import { symmetryOf } from '../../../functions/analyze-footage/symmetry.ts';

const size = { width: 96, height: 64 };
const draw = (levelAt: (x: number, y: number) => number) =>
  Uint8Array.from({ length: size.width * size.height }, (_, i) => levelAt(i % size.width, Math.floor(i / size.width)));
const flat = draw(() => 100);
const checks = draw((x, y) => (((x >> 2) + (y >> 2)) % 2 ? 60 : 180));

/** A frame of one colour in Y′CbCr. */
function featuresOf(luma: number, blue: number, red: number) {
  const bytes = new Uint8Array(bytesOf(size));
  const picture = pictureOf(bytes, size);
  picture.luma.fill(luma);
  picture.blue.fill(blue);
  picture.red.fill(red);
  const extractor = new FeatureExtractor();
  extractor.add(picture);
  return extractor.features();
}

describe('sharpness', () => {
  it('is 0 of a flat picture, 1 of ideal edges, and falls with every blur', () => {
    const edge = (blur: number) => draw((x) => 40 + 160 * Math.min(1, Math.max(0, 0.5 + (x - 47.5) / blur)));
    expect(sharpnessOf(flat, size)).toBe(0);
    expect(sharpnessOf(edge(0.1), size)).toBeCloseTo(1, 1);
    const values = [1, 3, 5, 8, 14].map((blur) => sharpnessOf(edge(blur), size));
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(values.at(-1)).toBeLessThan(0.2);
  });
});

describe('symmetry', () => {
  it('is 1 of a mirrored and of a plain picture, and near 0 of one that is dark on one side', () => {
    expect(
      symmetryOf(
        draw((x) => Math.abs(x - 47.5) * 4),
        size,
      ),
    ).toBeCloseTo(1, 2);
    expect(symmetryOf(flat, size)).toBeCloseTo(1, 2);
    expect(
      symmetryOf(
        draw((x) => (x < 48 ? 30 : 200)),
        size,
      ),
    ).toBeLessThan(0.05);
  });
});

describe('spread', () => {
  it('is near 1 where detail is everywhere, low where it is in one place, 0 where there is none', () => {
    const subject = draw((x, y) => (x > 40 && x < 56 && y > 24 && y < 40 ? (checks[y * size.width + x] ?? 0) : 100));
    expect(spreadOf(checks, size)).toBeGreaterThan(0.95);
    expect(spreadOf(subject, size)).toBeLessThan(0.25);
    expect(spreadOf(flat, size)).toBe(0);
  });
});

describe('colour', () => {
  it('is CIE L*a*b* of the primaries, in either matrix', () => {
    const near = (found: readonly number[], expected: readonly number[]) => {
      for (const [i, value] of expected.entries()) expect(Math.abs((found[i] ?? 999) - value)).toBeLessThan(2);
    };
    near(colourOf(featuresOf(235, 128, 128), 0, 1, 'bt709'), [100, 0, 0]);
    near(colourOf(featuresOf(16, 128, 128), 0, 1, 'bt709'), [0, 0, 0]);
    near(colourOf(featuresOf(63, 102, 240), 0, 1, 'bt709'), [53.2, 80.1, 67.2]);
    near(colourOf(featuresOf(81, 90, 240), 0, 1, 'bt601'), [53.2, 80.1, 67.2]);
    near(colourOf(featuresOf(32, 240, 118), 0, 1, 'bt709'), [32.3, 79.2, -107.9]);
  });
});

describe('every measure', () => {
  it('lies between 0 and 1, whatever the picture', () => {
    const pixels = fc.uint8Array({ minLength: flat.length, maxLength: flat.length });
    fc.assert(
      fc.property(pixels, (luma) => {
        for (const measure of [sharpnessOf, symmetryOf, spreadOf]) {
          expect(measure(luma, size)).toBeGreaterThanOrEqual(0);
          expect(measure(luma, size)).toBeLessThanOrEqual(1);
        }
        expect(motionOf(Float32Array.from(luma), 25)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 25 },
    );
  });
});
