import { Series } from './series.ts';
import { Spectrum } from './spectrum.ts';

/** Onset frames a second. */
export const ONSET_RATE = 100;
export const ONSET_WINDOW = 2048;

const BANDS_AN_OCTAVE = 24;
const LOWEST_HERTZ = 30;
const HIGHEST_HERTZ = 16_000;
/** Amplitudes are compressed from about −66 dB of full scale up. */
const COMPRESSION = 2000;
/** Upper ends of the low band (kick, bass) and the middle one (snare, voices, chords). */
const LOW_HERTZ = 160;
const MIDDLE_HERTZ = 2500;
/** Flux below this, in each band, is what held tones and noise do; it isn't blown up to onsets. */
const STILL = [0.3, 1.5, 1.5] as const;

/** How strongly notes begin in each of three bands, a value a frame: the onset strength functions. */
export interface OnsetStrength {
  low: Float32Array;
  middle: Float32Array;
  high: Float32Array;
}

/**
 * Spectral flux with a maximum filter over frequency, after Böck and Widmer, "Maximum filter vibrato suppression for onset
 * detection" (DAFx 2013): each band of the compressed spectrum is compared with the loudest of its neighbours a frame ago,
 * so that vibrato and glides don't count as onsets.
 */
export class OnsetMeter {
  readonly #spectrum = new Spectrum(ONSET_WINDOW);
  readonly #magnitudes = new Float32Array(this.#spectrum.bins);
  readonly #bands: readonly Band[];
  readonly #low = new Series();
  readonly #middle = new Series();
  readonly #high = new Series();
  #now: Float32Array;
  #before: Float32Array;
  #started = false;

  constructor(sampleRate: number) {
    this.#bands = bandsFor(sampleRate);
    this.#now = new Float32Array(this.#bands.length);
    this.#before = new Float32Array(this.#bands.length);
  }

  /** Takes the window of the next frame. */
  take(samples: Float32Array, offset: number): void {
    this.#spectrum.magnitudes(samples, offset, this.#magnitudes);
    [this.#now, this.#before] = [this.#before, this.#now];
    const now = this.#now;
    const before = this.#before;
    for (const [index, band] of this.#bands.entries()) {
      let sum = 0;
      for (let bin = band.first; bin <= band.last; bin++) sum += this.#magnitudes[bin] as number;
      now[index] = Math.log1p(COMPRESSION * sum);
    }
    const flux = [0, 0, 0];
    for (const [index, band] of this.#bands.entries()) {
      const reference = Math.max(before[index - 1] ?? 0, before[index] as number, before[index + 1] ?? 0);
      const rise = (now[index] as number) - reference;
      if (rise > 0) flux[band.part] = (flux[band.part] as number) + rise;
    }
    // What plays already when the file starts has no onset there.
    const [low, middle, high] = this.#started ? flux : [0, 0, 0];
    this.#started = true;
    this.#low.push(low as number);
    this.#middle.push(middle as number);
    this.#high.push(high as number);
  }

  strength(): OnsetStrength {
    return { low: this.#low.values(), middle: this.#middle.values(), high: this.#high.values() };
  }
}

interface Band {
  first: number;
  last: number;
  part: 0 | 1 | 2;
}

/** Bands of equal width on a logarithmic scale, none narrower than a bin and none twice. */
function bandsFor(sampleRate: number): Band[] {
  const binHertz = sampleRate / ONSET_WINDOW;
  const bands: Band[] = [];
  let first = Math.ceil(LOWEST_HERTZ / binHertz);
  for (let edge = LOWEST_HERTZ; edge < HIGHEST_HERTZ; edge *= 2 ** (1 / BANDS_AN_OCTAVE)) {
    const last = Math.floor((edge * 2 ** (1 / BANDS_AN_OCTAVE)) / binHertz);
    if (last < first) continue;
    const hertz = last * binHertz;
    bands.push({ first, last, part: hertz <= LOW_HERTZ ? 0 : hertz <= MIDDLE_HERTZ ? 1 : 2 });
    first = last + 1;
  }
  return bands;
}

/**
 * One onset curve out of the three bands, about zero mean: each band is measured against its own running level, so that a quiet
 * intro counts like a loud chorus, and compressed, so that one crash doesn't outweigh a bar of kicks.
 *
 * @param weights of the low, middle and high band.
 */
export function combineOnsets(strength: OnsetStrength, weights: readonly [number, number, number]): Float32Array {
  const combined = new Float32Array(strength.low.length);
  const parts = [strength.low, strength.middle, strength.high];
  const fullLevels = parts.map((values) => Math.sqrt(meanSquare(values)));
  for (const [index, values] of parts.entries()) {
    const level = runningLevel(values, 4 * ONSET_RATE);
    const floor = Math.max(STILL[index] as number, 0.25 * (fullLevels[index] as number));
    const weight = weights[index] as number;
    for (let n = 0; n < combined.length; n++) {
      const relative = (values[n] as number) / Math.max(floor, level[n] as number);
      combined[n] = (combined[n] as number) + weight * Math.log1p(relative);
    }
  }
  return withoutRunningMean(smooth(combined), ONSET_RATE / 2);
}

function meanSquare(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return values.length > 0 ? sum / values.length : 0;
}

/** A short triangle, so that onsets that are a frame apart count as one. */
function smooth(values: Float32Array): Float32Array {
  return values.map((value, n) => 0.5 * value + 0.25 * ((values[n - 1] ?? value) + (values[n + 1] ?? value)));
}

/** Root mean square over `reach` frames to either side. */
function runningLevel(values: Float32Array, reach: number): Float32Array {
  const squares = values.map((value) => value * value);
  return runningMean(squares, reach).map(Math.sqrt);
}

function withoutRunningMean(values: Float32Array, reach: number): Float32Array {
  const means = runningMean(values, reach);
  return values.map((value, n) => value - (means[n] as number));
}

function runningMean(values: Float32Array, reach: number): Float32Array {
  const sums = new Float64Array(values.length + 1);
  for (let n = 0; n < values.length; n++) sums[n + 1] = (sums[n] as number) + (values[n] as number);
  return values.map((_, n) => {
    const from = Math.max(0, n - reach);
    const to = Math.min(values.length, n + reach + 1);
    return ((sums[to] as number) - (sums[from] as number)) / (to - from);
  });
}
