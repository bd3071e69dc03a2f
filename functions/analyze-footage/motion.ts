import { meanOf } from './mean.ts';

/** Change a second, in levels of 255, that is given 1 − 1/e: a hand-held walk. Standing still gives 0, anything wilder nears 1. */
const LIVELY = 150;
/** Mean change of a frame, in levels, that coding and sensor noise make of a still picture. */
const NOISE = 0.3;

/**
 * Motion from the mean changes of luma from frame to frame, 0 (still) to 1 (everything changes), the same for the same
 * movement at any frame rate: 1 − exp(−change a second / 150 levels).
 */
export function motionOf(changes: Float32Array, framesPerSecond: number): number {
  const change = Math.max(0, meanOf(changes) - NOISE) * framesPerSecond;
  return 1 - Math.exp(-change / LIVELY);
}
