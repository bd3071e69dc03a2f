import type { FootageAnalysis } from '../../shared/analysis.ts';
import { type FrameRate, secondsAt } from '../../shared/frame-rate.ts';

/** Exposure below which a picture shows nothing. */
export const BLACK_EXPOSURE = 0.03;
const DARK_EXPOSURE = 0.12;
const BRIGHT_EXPOSURE = 0.92;
const REFERENCE_SAMPLES = 20_000;

/** One clip's curves, compared with all the footage, as means over any stretch of it. Frames are the timeline's. */
export interface ClipCurves {
  /** Where its motion stands among all moments of all clips, 0 (the stillest) to 1 (the liveliest). */
  motion(fromFrame: number, toFrame: number): number;
  /** 1 crisp and well exposed, 0 blurred or too dark or bright. */
  quality(fromFrame: number, toFrame: number): number;
}

/** The curves of all clips, in their order, ranked against one another. */
export function footageCurves(clips: readonly { analysis: FootageAnalysis }[], rate: FrameRate): ClipCurves[] {
  const motions = sample(clips.map(({ analysis }) => analysis.curves.motion));
  const sharpnesses = sample(clips.map(({ analysis }) => analysis.curves.sharpness));
  const crisp = Math.max(1e-6, sharpnesses[Math.floor(sharpnesses.length * 0.75)] ?? 0);
  return clips.map(({ analysis }) => {
    const { hopSeconds, motion, sharpness, exposure } = analysis.curves;
    const own = Math.max(1e-6, [...sharpness].sort((a, b) => a - b)[sharpness.length >> 1] ?? 0);
    const quality = sharpness.map((value, i) => {
      // A soft clip isn't a bad one, a moment softer than its clip is: so half against its own median.
      const sharp = (Math.min(1, value / own) + Math.min(1, value / crisp)) / 2;
      return sharp * exposedness(exposure[i] ?? 0.5);
    });
    return {
      motion: meanOver(
        motion.map((value) => rankIn(motions, value)),
        hopSeconds,
        rate,
      ),
      quality: meanOver(quality, hopSeconds, rate),
    };
  });
}

function exposedness(exposure: number): number {
  if (exposure < DARK_EXPOSURE) return Math.max(0, (exposure - BLACK_EXPOSURE) / (DARK_EXPOSURE - BLACK_EXPOSURE));
  if (exposure > BRIGHT_EXPOSURE) return Math.max(0, (1 - exposure) / (1 - BRIGHT_EXPOSURE));
  return 1;
}

/** All values in rising order, thinned evenly when there are very many. */
function sample(curves: readonly (readonly number[])[]): Float64Array {
  const count = curves.reduce((sum, curve) => sum + curve.length, 0);
  const step = Math.max(1, Math.ceil(count / REFERENCE_SAMPLES));
  const values: number[] = [];
  let index = 0;
  for (const curve of curves) {
    for (const value of curve) if (index++ % step === 0) values.push(value);
  }
  return Float64Array.from(values).sort();
}

/** Share of `sorted` below `value`, those equal to it counted half. */
export function rankIn(sorted: ArrayLike<number>, value: number): number {
  if (sorted.length === 0) return 0.5;
  const below = (inclusive: boolean) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = sorted[middle] ?? 0;
      if (at < value || (inclusive && at === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (below(false) + below(true)) / 2 / sorted.length;
}

/** Means over any stretch in constant time, from running sums. */
function meanOver(values: readonly number[], hopSeconds: number, rate: FrameRate) {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = (sums[i] ?? 0) + (values[i] ?? 0);
  const hopsPerFrame = secondsAt(1, rate) / hopSeconds;
  const upTo = (hops: number) => {
    const whole = Math.min(values.length, Math.max(0, Math.floor(hops)));
    const part = Math.min(1, Math.max(0, hops - whole));
    return (sums[whole] ?? 0) + part * (values[whole] ?? values.at(-1) ?? 0.5);
  };
  return (fromFrame: number, toFrame: number): number => {
    const from = fromFrame * hopsPerFrame;
    const to = Math.max(from + 1e-6, toFrame * hopsPerFrame);
    return Math.min(1, Math.max(0, (upTo(to) - upTo(from)) / (to - from)));
  };
}
