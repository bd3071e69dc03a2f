import type { Size } from './picture.ts';

/** A shift of a picture, in its pixels. */
interface Shift {
  x: number;
  y: number;
}

export interface Likeness {
  /** Likeness of fine structure whatever the light, about 0 for two shots to 1. */
  structure: number;
  /** Mean change that motion doesn't explain, in levels. */
  unexplained: number;
}

/** How far the camera is looked for, in pixels of the quarter picture: a tenth of 160×90 a frame, and if need be a quarter. */
const NEAR = 4;
const FAR = 9;
/** Structure that is found again so well needs no wider search. */
const FOUND = 0.5;
/** How far each block may have gone besides, and its side. */
const REACH = 3;
const BLOCK = 6;

/** Compares a quarter picture with the one before: first where the camera went, then where each block came from. */
export function likenessOf(now: Uint8Array, before: Uint8Array, size: Size): Likeness {
  const [a, b] = [withoutSurroundings(now, size), withoutSurroundings(before, size)];
  const near = bestShift(a, b, size, 0, NEAR);
  const best = near.structure < FOUND ? bestShift(a, b, size, NEAR, FAR, near) : near;
  return { structure: best.structure, unexplained: unexplainedChange(now, before, size, best.shift) };
}

/**
 * The shift of the whole picture, further than `from` and up to `to`, at which what is left of both pictures without their
 * surroundings' light correlates best, −1 to 1.
 */
function bestShift(
  a: Float32Array,
  b: Float32Array,
  { width, height }: Size,
  from: number,
  to: number,
  known: { structure: number; shift: Shift } = { structure: -1, shift: { x: 0, y: 0 } },
): { structure: number; shift: Shift } {
  let best = known;
  // Where hardly anything of the pictures overlaps, anything is alike.
  const [across, down] = [Math.min(to, Math.floor(width / 3)), Math.min(to, Math.floor(height / 3))];
  for (let dy = -down; dy <= down; dy++)
    for (let dx = -across; dx <= across; dx++) {
      if (from > 0 && Math.abs(dx) <= from && Math.abs(dy) <= from) continue;
      let [ab, aa, bb] = [0, 1e-6, 1e-6];
      for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
        const row = y * width;
        const other = row + dy * width + dx;
        for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++) {
          const p = a[row + x] as number;
          const q = b[other + x] as number;
          ab += p * q;
          aa += p * p;
          bb += q * q;
        }
      }
      const structure = ab / Math.sqrt(aa * bb);
      if (structure > best.structure) best = { structure, shift: { x: dx, y: dy } };
    }
  return best;
}

/**
 * What is left of the change when each block may have come from anywhere near where the camera's shift puts it: the mean of
 * the least absolute differences. Motion compensation by full search, as in block-matching video coders.
 */
function unexplainedChange(now: Uint8Array, before: Uint8Array, size: Size, shift: Shift): number {
  const { width, height } = size;
  let total = 0;
  for (let top = 0; top < height; top += BLOCK)
    for (let left = 0; left < width; left += BLOCK) total += leastDifference(now, before, size, shift, left, top);
  return total / (width * height);
}

/** Of one block, in which the last row and column of blocks may be smaller; a place that lies partly outside is moved inside. */
function leastDifference(
  now: Uint8Array,
  before: Uint8Array,
  { width, height }: Size,
  shift: Shift,
  left: number,
  top: number,
): number {
  const [right, bottom] = [Math.min(width, left + BLOCK), Math.min(height, top + BLOCK)];
  const inside = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
  const [minX, maxX] = [inside(shift.x - REACH, -left, width - right), inside(shift.x + REACH, -left, width - right)];
  const [minY, maxY] = [inside(shift.y - REACH, -top, height - bottom), inside(shift.y + REACH, -top, height - bottom)];
  let least = Number.POSITIVE_INFINITY;
  for (let dy = minY; dy <= maxY; dy++)
    for (let dx = minX; dx <= maxX; dx++) {
      let difference = 0;
      for (let y = top; y < bottom && difference < least; y++) {
        const row = y * width;
        const from = row + dy * width + dx;
        for (let x = left; x < right; x++) {
          const step = (now[row + x] as number) - (before[from + x] as number);
          difference += step < 0 ? -step : step;
        }
      }
      if (difference < least) least = difference;
    }
  return least;
}

/** Each pixel less the mean of the 5 × 5 around it, which takes away light and keeps edges. */
function withoutSurroundings(picture: Uint8Array, { width, height }: Size): Float32Array {
  const result = new Float32Array(picture.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [sum, count] = [0, 0];
      for (let row = Math.max(0, y - 2); row <= Math.min(height - 1, y + 2); row++)
        for (let column = Math.max(0, x - 2); column <= Math.min(width - 1, x + 2); column++, count++)
          sum += picture[row * width + column] as number;
      result[y * width + x] = (picture[y * width + x] as number) - sum / count;
    }
  }
  return result;
}
