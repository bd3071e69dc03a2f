import type { Size } from './picture.ts';

/** Steps between neighbours below this many levels are noise or flat ground, and say nothing of sharpness. */
const LEAST_STEP = 6;
/** Half of the window of the second blur, in pixels. */
const REACH = 3;

/**
 * Sharpness of a picture, 0 (blurred, or nothing to see) to 1 (crisp), whatever its contrast.
 *
 * Blurs the rows once more and asks how much of the steps between neighbours that takes away: a crisp edge loses nearly all
 * of its step, a blurred one hardly any. After Crete, Dolmiere, Ladret and Nicolas, "The blur effect: perception and
 * estimation with a new no-reference perceptual blur metric" (2007), along rows, every second one.
 */
export function sharpnessOf(luma: Uint8Array, { width, height }: Size): number {
  const window = REACH * 2 + 1;
  let [steps, lost] = [0, 0];
  for (let y = 0; y < height; y += 2) {
    const row = y * width;
    for (let x = REACH + 1; x < width - REACH; x++) {
      // The blurred step between two neighbours is the difference of two window sums, which share all but their ends.
      const blurred = Math.abs((luma[row + x + REACH] as number) - (luma[row + x - REACH - 1] as number)) / window;
      const step = Math.abs((luma[row + x] as number) - (luma[row + x - 1] as number));
      if (step < LEAST_STEP) continue;
      steps += step;
      if (step > blurred) lost += step - blurred;
    }
  }
  // A step of a straight ramp loses nothing and an ideal edge all but a window's part of it.
  return steps === 0 ? 0 : Math.min(1, lost / steps / (1 - 1 / window));
}
