import type { Features } from './features.ts';

type Thumbnails = Pick<Features, 'thumbnails' | 'across' | 'cells'>;

/** Mean absolute difference of two frames' thumbnails, in levels, luma and both chromas added. */
export function distance({ thumbnails, cells }: Thumbnails, a: number, b: number): number {
  const size = cells * 3;
  let [sum, i, j] = [0, a * size, b * size];
  for (const end = i + size; i < end; i++, j++) {
    const step = (thumbnails[i] as number) - (thumbnails[j] as number);
    sum += step < 0 ? -step : step;
  }
  return sum / cells;
}

/**
 * Share of cells whose luma and chroma change by more than `levels` otherwise than the picture as a whole, so that a camera
 * that opens its iris changes nothing.
 */
export function shareChanged({ thumbnails, cells }: Thumbnails, a: number, b: number, levels: number): number {
  const [one, other] = [a * cells * 3, b * cells * 3];
  const differences = new Float32Array(cells);
  for (let plane = 0; plane < cells * 3; plane += cells) {
    let sum = 0;
    for (let i = plane; i < plane + cells; i++)
      sum += (thumbnails[other + i] as number) - (thumbnails[one + i] as number);
    for (let cell = 0; cell < cells; cell++) {
      const step = (thumbnails[other + plane + cell] as number) - (thumbnails[one + plane + cell] as number);
      differences[cell] = (differences[cell] as number) + Math.abs(step - sum / cells);
    }
  }
  return differences.reduce((changed, difference) => changed + (difference > levels ? 1 : 0), 0) / cells;
}

/**
 * How far the frames between `a` and `b`, which are `apart` from each other, are from being mixtures of the two, each in its
 * place: 0 for a perfect dissolve, about 0.4 when things move from one to the other. Looked at in three places between, or
 * fewer when it is clear before that it will be above `enough`.
 */
export function unmixed(
  { thumbnails, cells }: Thumbnails,
  a: number,
  b: number,
  apart: number,
  enough: number,
): number {
  const size = cells * 3;
  const whole = 3 * apart * cells;
  let left = 0;
  for (const quarter of [2, 1, 3]) {
    const frame = a + Math.round(((b - a) * quarter) / 4);
    const share = (frame - a) / (b - a);
    let [i, j, k] = [a * size, b * size, frame * size];
    for (const end = i + size; i < end; i++, j++, k++) {
      const from = thumbnails[i] as number;
      const step = from + share * ((thumbnails[j] as number) - from) - (thumbnails[k] as number);
      left += step < 0 ? -step : step;
    }
    if (left > enough * whole) break;
  }
  return left / whole;
}

/** A region of the picture that structure is compared in, in cells, and the edge strength that it has to have. */
const REGION = { across: 5, down: 4 };
const LEAST_EDGES = 2;

/**
 * Likeness of two frames' coarse structure whatever the light, about 0 for two shots to 1: how well luma less its neighbours'
 * mean correlates, region by region so that a title in one place doesn't decide, at the best shift of the whole picture by up
 * to two cells. 0 where one of them is blank.
 */
export function coarseLikeness({ thumbnails, across, cells }: Thumbnails, a: number, b: number): number {
  const down = cells / across;
  const one = edges(thumbnails, a * cells * 3, across, down);
  const other = edges(thumbnails, b * cells * 3, across, down);
  let best = 0;
  for (let dy = -2; dy <= 2; dy++)
    for (let dx = -2; dx <= 2; dx++) {
      let [likeness, regions] = [0, 0];
      for (let top = 0; top < down; top += REGION.down)
        for (let left = 0; left < across; left += REGION.across) {
          const [bottom, right] = [Math.min(down, top + REGION.down), Math.min(across, left + REGION.across)];
          let [ab, aa, bb, count] = [0, 0, 0, 0];
          for (let y = Math.max(top, -dy); y < Math.min(bottom, down - dy); y++)
            for (let x = Math.max(left, -dx); x < Math.min(right, across - dx); x++, count++) {
              const p = one[y * across + x] as number;
              const q = other[(y + dy) * across + x + dx] as number;
              ab += p * q;
              aa += p * p;
              bb += q * q;
            }
          if (Math.max(aa, bb) < count * LEAST_EDGES ** 2) continue;
          likeness += ab / Math.sqrt((aa + 1) * (bb + 1));
          regions++;
        }
      if (regions > 0) best = Math.max(best, likeness / regions);
    }
  return best;
}

function edges(thumbnails: Uint8Array, start: number, across: number, down: number): Float32Array {
  const result = new Float32Array(across * down);
  const at = (x: number, y: number) =>
    thumbnails[start + Math.min(down - 1, Math.max(0, y)) * across + Math.min(across - 1, Math.max(0, x))] as number;
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++)
      result[y * across + x] = at(x, y) - (at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1)) / 4;
  return result;
}
