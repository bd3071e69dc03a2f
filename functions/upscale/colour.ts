import { chromaSize, type Matrix, type PictureFormat } from './picture-format.ts';

/** Shares of red and blue in luma: ITU-R BT.601, BT.709, BT.2020. */
const LUMA: Readonly<Record<Matrix, readonly [red: number, blue: number]>> = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
};

/** The sample of 0, and how many steps make 1. */
interface Levels {
  zero: number;
  one: number;
}

/** How samples become colours from 0 to 1: `(sample - zero) / one`, then by the matrix's factors; and back. */
export interface Conversion {
  luma: Levels;
  chroma: Levels;
  /** R = Y + rv V, G = Y - gu U - gv V, B = Y + bu U. */
  rv: number;
  gu: number;
  gv: number;
  bu: number;
  /** Y = kr R + kg G + kb B, U = (B - Y) / bu, V = (R - Y) / rv. */
  kr: number;
  kg: number;
  kb: number;
  /** The largest sample. */
  most: number;
}

export function conversionOf({ bits, matrix, range }: Omit<PictureFormat, 'width' | 'height'>): Conversion {
  const [kr, kb] = LUMA[matrix];
  const kg = 1 - kr - kb;
  const step = 2 ** (bits - 8);
  const most = 2 ** bits - 1;
  const rv = 2 * (1 - kr);
  const bu = 2 * (1 - kb);
  return {
    luma: range === 'full' ? { zero: 0, one: most } : { zero: 16 * step, one: 219 * step },
    chroma: { zero: 128 * step, one: range === 'full' ? most : 224 * step },
    ...{ rv, gu: (kb * bu) / kg, gv: (kr * rv) / kg, bu },
    ...{ kr, kg, kb, most },
  };
}

/** A picture's samples; those of 10 bits are copied where they lie on an odd address. */
export function samplesIn(picture: Uint8Array, { bits }: PictureFormat): Uint8Array | Uint16Array {
  if (bits === 8) return picture;
  const even = picture.byteOffset % 2 === 0 ? picture : picture.slice();
  return new Uint16Array(even.buffer, even.byteOffset, even.byteLength / 2);
}

/** A stretch of a picture's pixels. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Red, green and blue of a part of a picture, 0 to 1 times `range`: three planes, written to `rgb` if that is given.
 * Chroma between samples is interpolated; beyond the picture is its edge again.
 */
export function rgbOf(
  picture: Uint8Array,
  format: PictureFormat,
  part: Rectangle,
  range: number,
  rgb = new Float32Array(3 * part.width * part.height),
): Float32Array<ArrayBuffer> {
  const { luma, chroma, rv, gu, gv, bu } = conversionOf(format);
  const samples = samplesIn(picture, format);
  const size = chromaSize(format);
  const uAt = format.width * format.height;
  const vAt = uAt + size.width * size.height;
  const plane = part.width * part.height;
  // Of the two rows of chroma around a row of pixels, mixed: three quarters of the nearer one.
  const first = Math.max(0, part.x) >> 1;
  const us = new Float32Array(Math.min(size.width, ((part.x + part.width) >> 1) + 1) - first);
  const vs = new Float32Array(us.length);
  for (let row = 0; row < part.height; row++) {
    const y = Math.min(format.height - 1, Math.max(0, part.y + row));
    const near = (y >> 1) * size.width + first;
    const far = Math.min(size.height - 1, Math.max(0, (y >> 1) + (y % 2 === 0 ? -1 : 1))) * size.width + first;
    mixed(samples, uAt + near, uAt + far, chroma, us);
    mixed(samples, vAt + near, vAt + far, chroma, vs);
    const from = y * format.width;
    for (let column = 0; column < part.width; column++) {
      const x = Math.min(format.width - 1, Math.max(0, part.x + column));
      const left = (x >> 1) - first;
      const right = Math.min(us.length - 1, left + (x % 2));
      const bright = ((samples[from + x] as number) - luma.zero) / luma.one;
      const u = 0.5 * ((us[left] as number) + (us[right] as number));
      const v = 0.5 * ((vs[left] as number) + (vs[right] as number));
      const to = row * part.width + column;
      rgb[to] = range * unit(bright + rv * v);
      rgb[plane + to] = range * unit(bright - gu * u - gv * v);
      rgb[2 * plane + to] = range * unit(bright + bu * u);
    }
  }
  return rgb;
}

/** Fills `differences` with colour differences between two rows of samples, three times as near to the first. */
function mixed(
  samples: Uint8Array | Uint16Array,
  near: number,
  far: number,
  levels: Levels,
  differences: Float32Array,
) {
  const { zero, one } = levels;
  for (let n = 0; n < differences.length; n++) {
    differences[n] = (0.75 * (samples[near + n] as number) + 0.25 * (samples[far + n] as number) - zero) / one;
  }
}

/** Red, green and blue of a part of a picture, in three planes, and what of it is wanted. */
export interface Painted {
  rgb: Float32Array;
  part: Rectangle;
  /**
   * Begins at even places; ends there, or with the picture. One column more to the left is in `part`, where the picture
   * has one.
   */
  keep: Rectangle;
}

/**
 * Writes to a picture's planes what is wanted of a part of it, 0 to 1 times `range`: Y from 0 to 1, U and V around 0. Each
 * chroma sample is of the pixels around it.
 */
export function paint(planes: Float32Array, format: PictureFormat, { rgb, part, keep }: Painted, range: number): void {
  const { rv, bu, kr, kg, kb } = conversionOf(format);
  const { width, height } = format;
  const size = chromaSize(format);
  const plane = part.width * part.height;
  const [right, bottom] = [keep.x + keep.width, keep.y + keep.height];
  const left = Math.max(0, keep.x - 1);
  // Colour differences of two rows, from `left` on.
  const [upperBlue, upperRed, lowerBlue, lowerRed] = [0, 1, 2, 3].map(() => new Float32Array(right - left)) as Four;
  const drawRow = (y: number, blues: Float32Array, reds: Float32Array) => {
    const from = (y - part.y) * part.width - part.x;
    for (let x = left; x < right; x++) {
      const red = unit((rgb[from + x] as number) / range);
      const green = unit((rgb[plane + from + x] as number) / range);
      const blue = unit((rgb[2 * plane + from + x] as number) / range);
      const bright = kr * red + kg * green + kb * blue;
      blues[x - left] = (blue - bright) / bu;
      reds[x - left] = (red - bright) / rv;
      if (x >= keep.x) planes[y * width + x] = bright;
    }
  };
  for (let y = keep.y; y < bottom; y += 2) {
    drawRow(y, upperBlue, upperRed);
    // Below the last of an odd number of rows, there is itself.
    drawRow(Math.min(height - 1, y + 1), lowerBlue, lowerRed);
    for (let x = keep.x; x < right; x += 2) {
      const here = x - left;
      const before = Math.max(0, here - 1);
      const after = Math.min(width - 1, x + 1) - left;
      const at = width * height + (y / 2) * size.width + x / 2;
      planes[at] = around(upperBlue, lowerBlue, before, here, after);
      planes[at + size.width * size.height] = around(upperRed, lowerRed, before, here, after);
    }
  }
}

type Four = [Float32Array, Float32Array, Float32Array, Float32Array];

/** A chroma sample: half of the column that it lies in, a quarter of those beside it. */
const around = (upper: Float32Array, lower: Float32Array, before: number, here: number, after: number): number =>
  0.125 * ((upper[before] as number) + (lower[before] as number)) +
  0.25 * ((upper[here] as number) + (lower[here] as number)) +
  0.125 * ((upper[after] as number) + (lower[after] as number));

/** The sample nearest to a number. */
export const sampleOf = (value: number, { zero, one }: Levels, most: number): number =>
  Math.min(most, Math.max(0, Math.floor(value * one + zero + 0.5)));

const unit = (value: number) => Math.min(1, Math.max(0, value));
