import { Series } from './series.ts';
import { Spectrum } from './spectrum.ts';

/** Colour frames a second. */
export const COLOUR_RATE = 10;
export const COLOUR_WINDOW = 8192;
export const PITCH_CLASSES = 12;
export const TIMBRE_BANDS = 10;

const LOWEST_NOTE_HERTZ = 55;
const HIGHEST_NOTE_HERTZ = 2000;
const BASS_HERTZ = 260;
const TIMBRE_EDGES_HERTZ = [30, 80, 160, 320, 640, 1280, 2500, 5000, 8000, 11_000, 16_000];

/** What a song sounds like over time, without its rhythm; row n is `width` values from n × width on. */
export interface SoundColour {
  /** Harmony: strength of each of the twelve pitch classes, then of each in the bass alone; each dozen of length 1 or silent. */
  chroma: Float32Array;
  /** Timbre: level of each of `TIMBRE_BANDS` frequency bands, compressed. */
  timbre: Float32Array;
}

/** Gathers harmony and timbre from long windows, frame by frame. */
export class ColourMeter {
  readonly #spectrum = new Spectrum(COLOUR_WINDOW);
  readonly #magnitudes = new Float32Array(this.#spectrum.bins);
  readonly #classes: Int8Array;
  readonly #binHertz: number;
  readonly #chroma = new Series();
  readonly #timbre = new Series();

  constructor(sampleRate: number) {
    this.#binHertz = sampleRate / COLOUR_WINDOW;
    this.#classes = Int8Array.from({ length: this.#spectrum.bins }, (_, bin) => {
      const hertz = bin * this.#binHertz;
      if (hertz < LOWEST_NOTE_HERTZ || hertz > HIGHEST_NOTE_HERTZ) return -1;
      return ((Math.round(12 * Math.log2(hertz / 440)) % 12) + 12) % 12;
    });
  }

  /** Takes the window of the next frame. */
  take(samples: Float32Array, offset: number): void {
    const magnitudes = this.#magnitudes;
    this.#spectrum.magnitudes(samples, offset, magnitudes);
    const all = new Float64Array(PITCH_CLASSES);
    const bass = new Float64Array(PITCH_CLASSES);
    for (let bin = 1; bin + 1 < magnitudes.length; bin++) {
      const pitch = this.#classes[bin] as number;
      const here = magnitudes[bin] as number;
      // Only peaks: the skirts of a note's bin would fall into its neighbours' classes.
      if (pitch < 0 || here < (magnitudes[bin - 1] as number) || here < (magnitudes[bin + 1] as number)) continue;
      all[pitch] = (all[pitch] as number) + here;
      if (bin * this.#binHertz <= BASS_HERTZ) bass[pitch] = (bass[pitch] as number) + here;
    }
    for (const values of [all, bass]) {
      const length = Math.hypot(...values);
      for (const value of values) this.#chroma.push(length > 1e-5 ? value / length : 0);
    }
    for (let band = 0; band < TIMBRE_BANDS; band++) {
      const from = Math.round((TIMBRE_EDGES_HERTZ[band] as number) / this.#binHertz);
      const to = Math.round((TIMBRE_EDGES_HERTZ[band + 1] as number) / this.#binHertz);
      let power = 0;
      for (let bin = from; bin < to; bin++) power += (magnitudes[bin] as number) ** 2;
      this.#timbre.push(Math.log1p(1000 * Math.sqrt(power)));
    }
  }

  colour(): SoundColour {
    return { chroma: this.#chroma.values(), timbre: this.#timbre.values() };
  }
}
