import type { Size } from './picture.ts';

/** Contrast, as a variance in levels², under which a picture is plain and so the same from both sides. */
const PLAIN = 4;

/**
 * How alike a picture's left half is to the mirrored right one, 0 (not, or opposite) to 1 (the same): the correlation of the
 * picture with its mirror image, every second row.
 */
export function symmetryOf(luma: Uint8Array, { width, height }: Size): number {
  let [sum, squares, products, count] = [0, 0, 0, 0];
  for (let y = 0; y < height; y += 2) {
    const row = y * width;
    for (let x = 0; x < width >> 1; x++) {
      const left = luma[row + x] as number;
      const right = luma[row + width - 1 - x] as number;
      sum += left + right;
      squares += left * left + right * right;
      products += 2 * left * right;
      count += 2;
    }
  }
  const mean = sum / count;
  const variance = squares / count - mean * mean;
  const covariance = products / count - mean * mean;
  return Math.max(0, Math.min(1, (covariance + PLAIN) / (variance + PLAIN)));
}
