import { GrowingBytes, GrowingFloats } from './growing.ts';
import { likenessOf } from './likeness.ts';
import { CELL, type Picture } from './picture.ts';

const QUARTER = 4;
const LUMA_BINS = 32;
const COLOUR_BINS = 64;
/** Below this many levels of mean change two frames can't be two shots, and the costly comparisons are spared. */
const WORTH_A_LOOK = 2.5;
/** Black and white of limited-range luma, and how near to them counts as clipped. */
const BLACK = 16;
const WHITE = 235;
const CLIPPED_WITHIN = 2;

/** What is known of every frame, one value a frame. Changes are from the frame before; 0 for the first frame. */
export interface Features {
  frames: number;
  /** Mean of luma and chroma in cells of 8 × 8 pixels: luma cells first, then blue, then red. */
  thumbnails: Uint8Array;
  /** Cells in a row and in all. */
  across: number;
  cells: number;
  /** Mean luma, 0 black to 1 white. */
  luma: Float32Array;
  /** Share of pixels that are black or white. */
  clipped: Float32Array;
  /** Standard deviation of luma, in levels. */
  contrast: Float32Array;
  /** Mean absolute change of luma pixels, in levels. */
  change: Float32Array;
  /** Change that motion doesn't explain, as a share of the pictures' own contrast. */
  unexplained: Float32Array;
  /** Difference of the colour and brightness histograms, 0 to 1. */
  histogram: Float32Array;
  /** Likeness of fine structure, whatever the light, −1 to 1. */
  structure: Float32Array;
}

/** Looks at each frame of a clip once, in order. */
export class FeatureExtractor {
  readonly #thumbnails = new GrowingBytes();
  readonly #luma = new GrowingFloats();
  readonly #clipped = new GrowingFloats();
  readonly #contrast = new GrowingFloats();
  readonly #change = new GrowingFloats();
  readonly #unexplained = new GrowingFloats();
  readonly #histogram = new GrowingFloats();
  readonly #structure = new GrowingFloats();
  #frames = 0;
  #across = 0;
  #cells = 0;
  #now: Looked | null = null;
  #before: Looked | null = null;

  add(picture: Picture): void {
    const now = this.#before ?? emptyLook(picture);
    this.#before = this.#now;
    this.#now = now;
    look(picture, now);
    this.#across = picture.width / CELL;
    this.#cells = now.thumbnail.length / 3;
    this.#frames++;
    this.#thumbnails.push(now.thumbnail);
    this.#luma.push((now.mean - BLACK) / (WHITE - BLACK));
    this.#clipped.push(now.clipped);
    this.#contrast.push(now.contrast);
    const change = this.#before ? changeOf(now, this.#before) : NO_CHANGE;
    this.#change.push(change.change);
    this.#unexplained.push(change.unexplained);
    this.#histogram.push(change.histogram);
    this.#structure.push(change.structure);
  }

  features(): Features {
    return {
      frames: this.#frames,
      thumbnails: this.#thumbnails.all(),
      across: this.#across,
      cells: this.#cells,
      luma: this.#luma.all(),
      clipped: this.#clipped.all(),
      contrast: this.#contrast.all(),
      change: this.#change.all(),
      unexplained: this.#unexplained.all(),
      histogram: this.#histogram.all(),
      structure: this.#structure.all(),
    };
  }
}

/** One frame as it is kept until the next one has come. */
interface Looked {
  luma: Uint8Array;
  /** Luma in means of 4 × 4. */
  quarter: Uint8Array;
  quarterSize: { width: number; height: number };
  thumbnail: Uint8Array;
  lumaBins: Uint32Array;
  colourBins: Uint32Array;
  mean: number;
  contrast: number;
  clipped: number;
}

const NO_CHANGE = { change: 0, unexplained: 0, histogram: 0, structure: 1 };

function emptyLook({ width, height }: Picture): Looked {
  return {
    luma: new Uint8Array(width * height),
    quarter: new Uint8Array((width * height) / QUARTER ** 2),
    quarterSize: { width: width / QUARTER, height: height / QUARTER },
    thumbnail: new Uint8Array((3 * width * height) / CELL ** 2),
    lumaBins: new Uint32Array(LUMA_BINS),
    colourBins: new Uint32Array(COLOUR_BINS),
    mean: 0,
    contrast: 0,
    clipped: 0,
  };
}

function look({ width, height, luma, blue, red }: Picture, into: Looked): void {
  into.luma.set(luma);
  into.lumaBins.fill(0);
  into.colourBins.fill(0);
  lookAtLuma(luma, width, height, into);
  const across = width / CELL;
  const cells = into.thumbnail.length / 3;
  for (let row = 0; row < height / CELL; row++)
    for (let column = 0; column < across; column++) {
      const quarters = row * 2 * (across * 2) + column * 2;
      const sum = (at: number) => (into.quarter[at] as number) + (into.quarter[at + 1] as number);
      into.thumbnail[row * across + column] = (sum(quarters) + sum(quarters + across * 2) + 2) >> 2;
    }
  lookAtColour(blue, red, width / 2, height / 2, cells, into);
}

function lookAtLuma(luma: Uint8Array, width: number, height: number, into: Looked): void {
  const { quarter, lumaBins } = into;
  let [clipped, sum, squares, at] = [0, 0, 0, 0];
  for (let top = 0; top < height; top += QUARTER) {
    for (let left = 0; left < width; left += QUARTER) {
      let total = 8;
      for (let y = top; y < top + QUARTER; y++) {
        const row = y * width;
        for (let x = left; x < left + QUARTER; x++) {
          const value = luma[row + x] as number;
          total += value;
          lumaBins[value >> 3] = (lumaBins[value >> 3] as number) + 1;
          if (value <= BLACK + CLIPPED_WITHIN || value >= WHITE - CLIPPED_WITHIN) clipped++;
        }
      }
      const mean = total >> 4;
      quarter[at++] = mean;
      sum += mean;
      squares += mean * mean;
    }
  }
  into.mean = sum / at;
  into.contrast = Math.sqrt(Math.max(0, squares / at - into.mean ** 2));
  into.clipped = clipped / luma.length;
}

function lookAtColour(
  blue: Uint8Array,
  red: Uint8Array,
  width: number,
  height: number,
  cells: number,
  { thumbnail, colourBins }: Looked,
): void {
  const side = CELL / 2;
  let at = cells;
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      let [blues, reds] = [8, 8];
      for (let y = top; y < top + side; y++) {
        const row = y * width;
        for (let x = left; x < left + side; x++) {
          const b = blue[row + x] as number;
          const r = red[row + x] as number;
          blues += b;
          reds += r;
          const bin = colourBin(b) * 8 + colourBin(r);
          colourBins[bin] = (colourBins[bin] as number) + 1;
        }
      }
      thumbnail[at] = blues >> 4;
      thumbnail[at + cells] = reds >> 4;
      at++;
    }
  }
}

/** Eight bins of six levels around grey; what is more colourful falls into the outer ones. */
function colourBin(value: number): number {
  return value < 104 ? 0 : value >= 152 ? 7 : (((value - 104) * 8) / 48) | 0;
}

function changeOf(now: Looked, before: Looked): typeof NO_CHANGE {
  const change = meanDifference(now.luma, before.luma);
  const histogram =
    (binsDifference(now.lumaBins, before.lumaBins, now.luma.length) +
      binsDifference(now.colourBins, before.colourBins, now.luma.length / 4)) /
    2;
  const seen = Math.max(change, meanDifference(now.thumbnail, before.thumbnail));
  if (seen < WORTH_A_LOOK) return { change, unexplained: 0, histogram, structure: 1 };
  const { structure, unexplained } = likenessOf(now.quarter, before.quarter, now.quarterSize);
  // A few levels of noise are no contrast.
  return { change, histogram, structure, unexplained: unexplained / (4 + (now.contrast + before.contrast) / 2) };
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const step = (a[i] as number) - (b[i] as number);
    sum += step < 0 ? -step : step;
  }
  return sum / a.length;
}

function binsDifference(a: Uint32Array, b: Uint32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number));
  return sum / (2 * count);
}
