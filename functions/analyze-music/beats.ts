import { ONSET_RATE } from './onsets.ts';

/**
 * What a beat costs whose distance to the last one is off the tempo, per log ratio and per squared log ratio. The first makes it
 * cost the same to slip by half a beat over a passage as at once, so that a passage of off-beat hats doesn't turn the beat around.
 */
const DRIFT_COST = 60;
const JITTER_COST = 300;
/** Intervals tried around the tempo's own. */
const SHORTEST = 0.72;
const LONGEST = 1.4;

/**
 * Beats as frames of the onset curve, by dynamic programming after Ellis, "Beat tracking by dynamic programming" (2007):
 * the chain of beats that hits the most onset strength while its intervals stay near the tempo, which here changes over time.
 *
 * @param onsets about zero mean and of unit spread, so that a beat on nothing costs.
 * @param perSecond beats a minute at each whole second.
 */
export function trackBeats(onsets: Float32Array, perSecond: Float32Array): number[] {
  const frames = onsets.length;
  const score = new Float64Array(frames);
  const before = new Int32Array(frames).fill(-1);
  for (let n = 0; n < frames; n++) {
    const period = periodAt(perSecond, n);
    let best = 0;
    for (let gap = Math.round(SHORTEST * period); gap <= Math.round(LONGEST * period) && gap <= n; gap++) {
      const off = Math.log(gap / period);
      const value = (score[n - gap] as number) - DRIFT_COST * Math.abs(off) - JITTER_COST * off * off;
      if (value > best) {
        best = value;
        before[n] = n - gap;
      }
    }
    score[n] = best + (onsets[n] as number);
  }
  let last = frames - 1;
  const reach = Math.round(LONGEST * periodAt(perSecond, frames - 1));
  for (let n = Math.max(0, frames - reach); n < frames; n++) {
    if ((score[n] as number) > (score[last] as number)) last = n;
  }
  const beats: number[] = [];
  for (let n = last; n >= 0; n = before[n] as number) beats.push(n);
  return beats.reverse();
}

/** Frames between two beats at a frame, between the curve's seconds in a straight line. */
function periodAt(perSecond: Float32Array, frame: number): number {
  const second = frame / ONSET_RATE;
  const whole = Math.min(Math.floor(second), perSecond.length - 1);
  const part = Math.min(1, second - whole);
  const here = perSecond[whole] as number;
  const next = perSecond[whole + 1] ?? here;
  return (60 * ONSET_RATE) / (here + (next - here) * part);
}
