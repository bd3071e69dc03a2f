import { trackBeats } from './beats.ts';
import { combineOnsets, type OnsetStrength } from './onsets.ts';
import { meanTempo, tappingPreference } from './tempo.ts';

/** Levels tried, against the curve's own; those that would turn a beat's two parts into three need better reasons. */
const FACTORS = [
  { factor: 1, doubt: 0 },
  { factor: 2, doubt: 0 },
  { factor: 1 / 2, doubt: 0 },
  { factor: 3 / 2, doubt: 0.8 },
  { factor: 2 / 3, doubt: 0.8 },
];
const SLOWEST = 45;
const FASTEST = 215;
/** Onsets between the beats this strong, against those on them, begin to speak for a faster level. */
const BUSY_BETWEEN = 0.45;
/** Beats that differ this much, every other one, begin to speak for a slower level. */
const LIMPING = 0.3;

/** How beats at one metrical level fit the drums. */
interface Fit {
  /** Mean onset strength on the beats. */
  on: number;
  /** The same half way between them, and at their thirds, against `on`. */
  halves: number;
  thirds: number;
  /** Difference between even and odd beats, 0 to 1. */
  limp: number;
}

/**
 * The metrical level that people would tap: the tempo curve or its double, half or a third more or less.
 * A level is too slow when as much happens between its beats as on them, too fast when every other beat is weak; between two that
 * fit, the one nearer to the usual tapping tempo wins.
 *
 * @returns the beats at that level, in frames.
 */
export function chooseLevel(strength: OnsetStrength, onsets: Float32Array, perSecond: Float32Array): number[] {
  // Hats say little of the level: they play the same at all of them.
  const drums = combineOnsets(strength, [1, 1, 0.15]);
  const levels = FACTORS.map(({ factor, doubt }) => {
    const curve = perSecond.map((tempo) => tempo * factor);
    return { factor, doubt, curve, tempo: meanTempo(curve) };
  })
    .filter(({ factor, tempo }) => factor === 1 || (tempo >= SLOWEST && tempo <= FASTEST))
    .map((level) => {
      const beats = trackBeats(onsets, level.curve);
      return { ...level, beats, fit: fitOf(beats, drums) };
    });
  const strongest = Math.max(...levels.map(({ fit }) => fit.on), 1e-6);
  const scored = levels.map((level) => ({ ...level, score: scoreOf(level.fit, level.tempo, strongest) - level.doubt }));
  const [best] = scored.sort((a, b) => b.score - a.score);
  return best?.beats ?? [];
}

function scoreOf(fit: Fit, tempo: number, strongest: number): number {
  return (
    Math.log(tappingPreference(tempo, 0.7)) +
    0.5 * Math.log(Math.max(0.01, fit.on / strongest)) -
    4 * Math.max(0, fit.halves - BUSY_BETWEEN) -
    4 * Math.max(0, fit.thirds - BUSY_BETWEEN) -
    5 * Math.max(0, fit.limp - LIMPING)
  );
}

function fitOf(beats: readonly number[], drums: Float32Array): Fit {
  let [halves, thirds, even, odd] = [0, 0, 0, 0];
  for (const [index, beat] of beats.entries()) {
    if (index % 2) odd += peakNear(drums, beat);
    else even += peakNear(drums, beat);
    const next = beats[index + 1];
    if (next === undefined) continue;
    halves += peakNear(drums, (beat + next) / 2);
    thirds += (peakNear(drums, beat + (next - beat) / 3) + peakNear(drums, beat + (2 * (next - beat)) / 3)) / 2;
  }
  const all = Math.max(1e-6, even + odd);
  return {
    on: all / Math.max(1, beats.length),
    halves: halves / all,
    thirds: thirds / all,
    limp: Math.abs(even - odd) / all,
  };
}

/** The strongest value within two frames. */
function peakNear(values: Float32Array, at: number): number {
  const frame = Math.round(at);
  let peak = Number.NEGATIVE_INFINITY;
  for (let n = Math.max(0, frame - 2); n <= Math.min(values.length - 1, frame + 2); n++) {
    peak = Math.max(peak, values[n] as number);
  }
  return Number.isFinite(peak) ? peak : 0;
}
