import type { Size } from './picture.ts';

const ACROSS = 8;
const DOWN = 6;
/** Steps smaller than this, in levels, are no detail. */
const LEAST_STEP = 6;

/**
 * How evenly fine detail covers a picture: near 1 for a wide view, lower for a single subject before plain or blurred ground.
 *
 * It is the number of cells that carry the detail, as the exponential of the entropy of its distribution over 8 × 6 cells,
 * divided by 48. 0 when there is no detail.
 */
export function spreadOf(luma: Uint8Array, { width, height }: Size): number {
  const cells = new Float64Array(ACROSS * DOWN);
  let total = 0;
  for (let y = 1; y < height; y += 2) {
    const row = y * width;
    const cellRow = Math.floor((y * DOWN) / height) * ACROSS;
    for (let x = 1; x < width; x++) {
      const here = luma[row + x] as number;
      const step = Math.abs(here - (luma[row + x - 1] as number)) + Math.abs(here - (luma[row + x - width] as number));
      if (step < LEAST_STEP) continue;
      const cell = cellRow + (((x * ACROSS) / width) | 0);
      cells[cell] = (cells[cell] as number) + step;
      total += step;
    }
  }
  if (total === 0) return 0;
  let entropy = 0;
  for (const detail of cells) if (detail > 0) entropy -= (detail / total) * Math.log(detail / total);
  return Math.min(1, Math.exp(entropy) / cells.length);
}
