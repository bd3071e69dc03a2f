/**
 * Magnitude spectra of real signals by a radix-2 FFT of half the length (the even samples as real, the odd as imaginary parts).
 * One instance keeps its tables and scratch, so it can be used for any number of windows of its size.
 */
export class Spectrum {
  /** Samples a window; a power of two from 8. */
  readonly size: number;
  /** Values that `magnitudes` writes: bins 0 to size / 2. */
  readonly bins: number;
  readonly #window: Float64Array;
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;
  readonly #reversed: Uint32Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;

  /** @throws {RangeError} when `size` is no power of two from 8. */
  constructor(size: number) {
    if (size < 8 || !Number.isInteger(Math.log2(size))) throw new RangeError(`${size} is no power of two from 8`);
    this.size = size;
    this.bins = size / 2 + 1;
    this.#window = Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
    this.#cosine = Float64Array.from({ length: size / 2 }, (_, n) => Math.cos((2 * Math.PI * n) / size));
    this.#sine = Float64Array.from({ length: size / 2 }, (_, n) => -Math.sin((2 * Math.PI * n) / size));
    const half = size / 2;
    this.#reversed = new Uint32Array(half);
    for (let n = 1; n < half; n++) {
      this.#reversed[n] = ((this.#reversed[n >> 1] as number) >> 1) | (n & 1 ? half >> 1 : 0);
    }
    this.#real = new Float64Array(half);
    this.#imaginary = new Float64Array(half);
  }

  /**
   * Writes the magnitudes of the Hann-windowed samples from `offset` on to `out`, scaled so that a sine of amplitude 1
   * in the middle of a bin gives 1.
   */
  magnitudes(samples: Float32Array, offset: number, out: Float32Array): void {
    const half = this.size / 2;
    const real = this.#real;
    const imaginary = this.#imaginary;
    const window = this.#window;
    for (let n = 0; n < half; n++) {
      const to = this.#reversed[n] as number;
      real[to] = (samples[offset + 2 * n] as number) * (window[2 * n] as number);
      imaginary[to] = (samples[offset + 2 * n + 1] as number) * (window[2 * n + 1] as number);
    }
    this.#transform();
    const scale = 4 / this.size;
    const first = real[0] as number;
    const firstImaginary = imaginary[0] as number;
    out[0] = Math.abs(first + firstImaginary) * scale;
    out[half] = Math.abs(first - firstImaginary) * scale;
    for (let k = 1; k < half; k++) {
      const ar = real[k] as number;
      const ai = imaginary[k] as number;
      const br = real[half - k] as number;
      const bi = imaginary[half - k] as number;
      // The spectra of the even and the odd samples, put together with one more twiddle.
      const oddReal = (ai + bi) / 2;
      const oddImaginary = (br - ar) / 2;
      const c = this.#cosine[k] as number;
      const s = this.#sine[k] as number;
      const x = (ar + br) / 2 + oddReal * c - oddImaginary * s;
      const y = (ai - bi) / 2 + oddReal * s + oddImaginary * c;
      out[k] = Math.sqrt(x * x + y * y) * scale;
    }
  }

  /** In place, decimation in time, over input in bit-reversed order. */
  #transform(): void {
    const half = this.size / 2;
    const real = this.#real;
    const imaginary = this.#imaginary;
    for (let length = 2; length <= half; length *= 2) {
      const step = this.size / length;
      const middle = length / 2;
      for (let start = 0; start < half; start += length) {
        for (let k = 0; k < middle; k++) {
          const c = this.#cosine[k * step] as number;
          const s = this.#sine[k * step] as number;
          const a = start + k;
          const b = a + middle;
          const br = real[b] as number;
          const bi = imaginary[b] as number;
          const tr = br * c - bi * s;
          const ti = br * s + bi * c;
          const ar = real[a] as number;
          const ai = imaginary[a] as number;
          real[b] = ar - tr;
          imaginary[b] = ai - ti;
          real[a] = ar + tr;
          imaginary[a] = ai + ti;
        }
      }
    }
  }
}
