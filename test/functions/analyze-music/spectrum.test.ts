import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Spectrum } from '../../../functions/analyze-music/spectrum.ts';

/** The definition of the transform, term by term. */
function slowMagnitudes(samples: readonly number[]): number[] {
  const size = samples.length;
  return Array.from({ length: size / 2 + 1 }, (_, bin) => {
    let [real, imaginary] = [0, 0];
    for (const [n, sample] of samples.entries()) {
      const windowed = sample * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
      real += windowed * Math.cos((2 * Math.PI * bin * n) / size);
      imaginary -= windowed * Math.sin((2 * Math.PI * bin * n) / size);
    }
    return (Math.hypot(real, imaginary) * 4) / size;
  });
}

describe('a spectrum', () => {
  it('is that of the definition, for any samples', () => {
    const samples = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(samples, (values) => {
        const spectrum = new Spectrum(32);
        const out = new Float32Array(spectrum.bins);
        spectrum.magnitudes(Float32Array.from(values), 0, out);
        for (const [bin, expected] of slowMagnitudes(values).entries()) expect(out[bin]).toBeCloseTo(expected, 5);
      }),
      { numRuns: 50 },
    );
  });

  it('shows a full-scale sine as 1 in its own bin and nothing far from it', () => {
    const spectrum = new Spectrum(2048);
    const sine = Float32Array.from({ length: 2048 }, (_, n) => Math.sin((2 * Math.PI * 100 * n) / 2048));
    const out = new Float32Array(spectrum.bins);
    spectrum.magnitudes(sine, 0, out);
    expect(out[100]).toBeCloseTo(1, 4);
    expect(Math.max(...out.slice(0, 90), ...out.slice(110))).toBeLessThan(1e-4);
  });

  it('refuses sizes that it can not transform', () => {
    expect(() => new Spectrum(1000)).toThrow(RangeError);
  });
});
