import { LOUDNESS_HOP_SECONDS, lufsOf } from '../../shared/media/loudness.ts';
import { ATTACK_RATE } from './attacks.ts';

/** An onset further than this from its beat isn't that beat's. */
const REACH_SECONDS = 0.045;
const NEIGHBOURS = 6;
const ROUNDS = 3;
/** Beats are counted on where the music is at least this loud. */
const AUDIBLE_LUFS = -60;
/** Weight of the tracker's own time, for beats without any onset. */
const TRACKER_WEIGHT = 0.05;

/**
 * Beat times to the millisecond: the attacks nearest to the tracked beats, then at each beat the straight line through those of
 * its neighbours, with outliers weighed down. So one early hit doesn't move its beat, and a slow change of tempo is followed.
 *
 * @param tracked seconds, rising.
 * @param attacks `ATTACK_RATE` values a second.
 */
export function placeBeats(tracked: readonly number[], attacks: Float32Array): number[] {
  const seen = tracked.map((time) => nearestAttack(time, attacks));
  return tracked.map((time, index) => {
    const from = Math.max(0, index - NEIGHBOURS);
    const to = Math.min(tracked.length, index + NEIGHBOURS + 1);
    let fitted = time;
    let slope = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const points = [];
      for (let other = from; other < to; other++) {
        const distance = Math.abs(other - index) / (NEIGHBOURS + 1);
        const closeness = (1 - distance ** 3) ** 3;
        const attack = seen[other] as { time: number; strength: number };
        const residual = round === 0 ? 0 : (attack.time - (fitted + slope * (other - index))) / 0.012;
        points.push({
          x: other - index,
          y: attack.time,
          weight: (closeness * attack.strength) / (1 + residual * residual),
        });
        points.push({ x: other - index, y: tracked[other] as number, weight: closeness * TRACKER_WEIGHT });
      }
      [fitted, slope] = line(points);
    }
    return Math.max(0, fitted);
  });
}

/**
 * Adds beats before the first and after the last one, at the pace that is played there, as long as there is music: an intro of
 * held chords has beats too, though nothing is struck on them.
 *
 * @param loudness K-weighted mean squares of hops.
 */
export function continueBeats(beats: readonly number[], loudness: Float32Array): number[] {
  const audible = (hop: number) => lufsOf(loudness[hop] as number) > AUDIBLE_LUFS;
  const hops = Array.from(loudness.keys()).filter(audible);
  const [from, to] = [hops[0], hops.at(-1)];
  const [first, last] = [beats[0], beats.at(-1)];
  if (from === undefined || to === undefined || first === undefined || last === undefined) return [...beats];
  const span = Math.min(NEIGHBOURS, beats.length - 1);
  if (span === 0) return [...beats];
  const opening = ((beats[span] as number) - first) / span;
  const closing = (last - (beats[beats.length - 1 - span] as number)) / span;
  const start = Math.max(0, from * LOUDNESS_HOP_SECONDS - REACH_SECONDS);
  const end = to * LOUDNESS_HOP_SECONDS;
  // A beat at the very start may come out a millisecond before it.
  const early = Math.max(0, Math.floor((first - start + 0.03) / opening));
  const late = Math.max(0, Math.floor((end - last) / closing));
  return [
    ...Array.from({ length: early }, (_, n) => Math.max(0, first - (early - n) * opening)),
    ...beats,
    ...Array.from({ length: late }, (_, n) => last + (n + 1) * closing),
  ];
}

/** The clearest attack near a time; strength 0 when there is none. */
function nearestAttack(time: number, attacks: Float32Array): { time: number; strength: number } {
  const from = Math.max(1, Math.ceil((time - REACH_SECONDS) * ATTACK_RATE));
  const to = Math.min(attacks.length - 2, Math.floor((time + REACH_SECONDS) * ATTACK_RATE));
  let best = -1;
  let strength = 0;
  for (let n = from; n <= to; n++) {
    const off = ((n + 0.5) / ATTACK_RATE - time) / REACH_SECONDS;
    const value = (attacks[n] as number) * (1 - 0.7 * off * off);
    if (value > strength) {
      strength = value;
      best = n;
    }
  }
  if (best < 0) return { time, strength: 0 };
  const [left, middle, right] = [attacks[best - 1] as number, attacks[best] as number, attacks[best + 1] as number];
  const sum = left + middle + right;
  return { time: (best + 0.5 + (right - left) / sum) / ATTACK_RATE, strength: Math.min(1, strength) };
}

/** Weighted least squares: value and slope at x = 0. */
function line(points: readonly { x: number; y: number; weight: number }[]): [number, number] {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const { x, y, weight } of points) {
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  const determinant = w * wxx - wx * wx;
  if (determinant < 1e-9) return [wy / w, 0];
  const slope = (w * wxy - wx * wy) / determinant;
  return [(wy - slope * wx) / w, slope];
}
