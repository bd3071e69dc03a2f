import { LOUDNESS_HOP_SECONDS, lufsOf } from '../../shared/media/loudness.ts';
import { ONSET_RATE, type OnsetStrength } from './onsets.ts';

export const ENERGY_HOP_SECONDS = LOUDNESS_HOP_SECONDS;

/** Loudness counts from this far below the loudest passages, or from the quietest ones when they are further down. */
const RANGE_LU = 14;
const SMOOTHING_HOPS = 5;

/**
 * How intense the music feels, 0 to 1, a value each `ENERGY_HOP_SECONDS`: loudness on a perceptual (logarithmic) scale and how much
 * happens, against the song's own loudest passages.
 *
 * @param loudness K-weighted mean squares of hops.
 */
export function energyCurve(loudness: Float32Array, onsets: OnsetStrength): number[] {
  const hops = loudness.length;
  const level = smooth(loudness, 2).map((power) => Math.max(-70, lufsOf(power)));
  const top = percentile(level, 0.95);
  const bottom = Math.min(top - RANGE_LU, Math.max(percentile(level, 0.05), top - 2 * RANGE_LU));
  const activity = smooth(onsetActivity(onsets, hops), 2 * SMOOTHING_HOPS);
  const busiest = Math.max(1e-6, percentile(activity, 0.95));
  const raw = Float32Array.from(level, (lufs, n) => {
    const loud = clamp((lufs - bottom) / (top - bottom));
    // In silence nothing happens, whatever its noise does.
    return loud * (0.7 + 0.3 * clamp((activity[n] as number) / busiest));
  });
  const curve = smooth(raw, SMOOTHING_HOPS);
  const peak = Math.max(1e-6, percentile(curve, 0.98));
  return Array.from(curve, (value) => Math.round(clamp(value / peak) * 1000) / 1000);
}

function onsetActivity(onsets: OnsetStrength, hops: number): Float32Array {
  const framesAHop = ONSET_RATE * ENERGY_HOP_SECONDS;
  return Float32Array.from({ length: hops }, (_, hop) => {
    let sum = 0;
    for (let frame = Math.round(hop * framesAHop); frame < Math.round((hop + 1) * framesAHop); frame++) {
      sum += (onsets.low[frame] ?? 0) + (onsets.middle[frame] ?? 0) + (onsets.high[frame] ?? 0);
    }
    return sum;
  });
}

/** Mean over `reach` values to either side. */
function smooth(values: Float32Array, reach: number): Float32Array {
  return values.map((_, n) => {
    const from = Math.max(0, n - reach);
    const to = Math.min(values.length, n + reach + 1);
    let sum = 0;
    for (let k = from; k < to; k++) sum += values[k] as number;
    return sum / (to - from);
  });
}

function percentile(values: Float32Array, share: number): number {
  const sorted = values.toSorted();
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}
