import { ONSET_RATE } from './onsets.ts';

const NEIGHBOURS = 4;

/**
 * How sure each beat is, 0 to 1: how far the onsets on it and on the beats around it stand out from those half way between.
 *
 * @param beats seconds, rising.
 * @param onsets the curve that they were tracked in.
 */
export function beatConfidences(beats: readonly number[], onsets: Float32Array): number[] {
  const contrast = beats.map((time, n) => {
    const next = beats[n + 1] ?? 2 * time - (beats[n - 1] ?? 0);
    return strengthAt(onsets, time) - 0.5 * strengthAt(onsets, (time + next) / 2);
  });
  return contrast.map((own, n) => {
    const around = contrast.slice(Math.max(0, n - NEIGHBOURS), n + NEIGHBOURS + 1);
    const mean = around.reduce((sum, value) => sum + value, 0) / around.length;
    const sureness = Math.max(0, 0.35 * own + 0.65 * mean);
    return Math.round((sureness / (sureness + 0.6)) * 1000) / 1000;
  });
}

function strengthAt(onsets: Float32Array, time: number): number {
  const frame = Math.round(time * ONSET_RATE);
  let peak = 0;
  for (let n = frame - 2; n <= frame + 2; n++) peak = Math.max(peak, onsets[n] ?? 0);
  return peak;
}
