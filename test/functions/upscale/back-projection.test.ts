import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cubicsOf, planePairs, sharesOf, trueTo } from '../../../functions/upscale/back-projection.ts';
import { type PictureFormat, samplesOf } from '../../../functions/upscale/picture-format.ts';
import { rounded } from './rounded.ts';

const formats = fc.record({
  width: fc.integer({ min: 1, max: 12 }),
  height: fc.integer({ min: 1, max: 9 }),
  bits: fc.constantFrom(8, 10),
  matrix: fc.constantFrom('bt601', 'bt709', 'bt2020'),
  range: fc.constantFrom('limited', 'full'),
}) as fc.Arbitrary<PictureFormat>;
const scales = fc.constantFrom(2, 3, 4, 8);
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
const large = ({ width, height, ...others }: PictureFormat, scale: number): PictureFormat => ({
  ...{ width: width * scale, height: height * scale },
  ...others,
});

/** Every sample at a place between the least and the most that its format has. */
function samplesAt(format: PictureFormat, place: (i: number) => number): Uint8Array {
  const most = 2 ** format.bits - 1;
  const samples = Array.from({ length: samplesOf(format) }, (_, i) => Math.round(place(i) * most));
  return format.bits === 8 ? new Uint8Array(samples) : new Uint8Array(new Uint16Array(samples).buffer);
}

describe('a large picture that is made true to the small one', () => {
  it.each([2, 3, 4, 8])('gets as much as is missing, wherever: shares make one, at ×%d', (scale) => {
    for (const offset of [(scale - 1) / 2, (scale - 1) / 4]) {
      const { first, shares } = sharesOf({ scale, offset });
      expect(sum(shares)).toBeCloseTo(1, 12);
      // What they lie around is where the small sample is.
      expect(sum(shares.map((share, i) => share * (first + i)))).toBeCloseTo(offset, 1);
      for (const each of cubicsOf({ scale, offset })) expect(sum(each.shares)).toBeCloseTo(1, 12);
    }
  });

  it('has the small one’s tones and colours where it was of one wrong tone', () => {
    fc.assert(
      fc.property(formats, scales, fc.double({ min: 0.2, max: 0.8, noNaN: true }), (small, scale, tone) => {
        const picture = samplesAt(small, () => tone);
        const wrong = new Float32Array(samplesOf(large(small, scale))).fill(0.31);
        const made = trueTo(picture, small, wrong, scale);
        const right = samplesAt(large(small, scale), () => tone);
        const [is, was] = small.bits === 8 ? [made, right] : [words(made), words(right)];
        expect(Math.max(...is.map((sample, i) => Math.abs(sample - (was[i] as number))))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('stays as it is where its means are the small one already', () => {
    const small = { width: 9, height: 7, bits: 8, matrix: 'bt709', range: 'full' } as const;
    const scale = 2;
    const to = large(small, scale);
    const [y] = planePairs(small, scale);
    const planes = new Float32Array(samplesOf(to));
    // A pattern within each small pixel whose mean is the pixel's tone.
    for (let row = 0; row < to.height; row++)
      for (let column = 0; column < to.width; column++)
        planes[row * to.width + column] = 100 / 255 + ((row + column) % 2 === 0 ? 0.11 : -0.11);
    const picture = samplesAt(small, (i) => (i < y.small.width * y.small.height ? 100 : 128) / 255);
    expect(Buffer.compare(trueTo(picture, small, planes, scale), rounded(planes, to))).toBe(0);
  });

  it('is nearer to it after than before, whatever it was', () => {
    fc.assert(
      fc.property(formats, scales, fc.integer({ min: 1, max: 1e6 }), (small, scale, seed) => {
        const random = (i: number) => 0.3 + 0.4 * (((i + 1) * 2_654_435_761 * seed) % 1000) * 1e-3;
        const picture = samplesAt(small, random);
        const to = large(small, scale);
        const planes = Float32Array.from(
          { length: samplesOf(to) },
          (_, i) => random(7 * i) - (i < to.width * to.height ? 0 : 0.5),
        );
        const off = (made: Uint8Array) => distance(picture, made, small, scale);
        expect(off(trueTo(picture, small, planes, scale))).toBeLessThanOrEqual(off(rounded(planes, to)) + 0.5);
      }),
      { numRuns: 60 },
    );
  });
});

const words = (bytes: Uint8Array) => new Uint16Array(bytes.slice().buffer);

/** Root mean square of what the large luma's means miss of the small samples, in levels. */
function distance(picture: Uint8Array, made: Uint8Array, small: PictureFormat, scale: number): number {
  const [few, many] = small.bits === 8 ? [picture, made] : [words(picture), words(made)];
  let squares = 0;
  for (let y = 0; y < small.height; y++)
    for (let x = 0; x < small.width; x++) {
      let all = 0;
      for (let j = 0; j < scale; j++)
        for (let i = 0; i < scale; i++) all += many[(y * scale + j) * small.width * scale + x * scale + i] as number;
      squares += (all / scale ** 2 - (few[y * small.width + x] as number)) ** 2;
    }
  return Math.sqrt(squares / (small.width * small.height)) / 2 ** (small.bits - 8);
}
