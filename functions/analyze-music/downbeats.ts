import { COLOUR_RATE, PITCH_CLASSES, type SoundColour } from './colour.ts';
import { combineOnsets, ONSET_RATE, type OnsetStrength } from './onsets.ts';

/** Most music is in four: three must explain the accents this much better. */
const FOUR_IS_USUAL = 1.15;
/** What it costs to begin a new bar early or late. */
const BROKEN_BAR_COST = 9;
const LOW_BAND = [1, 0, 0] as const;
const ABOVE_LOW_BAND = [-0.5, 1, 0.5] as const;
const ALL_BANDS = [1, 1, 1] as const;
const CHROMA_WIDTH = 2 * PITCH_CLASSES;

/**
 * Which beats begin a bar. Bars begin where the bass drum falls, where the harmony and the bass note change,
 * and not on the snare; the meter is the one of three and four whose bars gather these accents best (Viterbi over the place
 * in the bar, so that a bar may be cut short once in a while).
 *
 * @param beats seconds, rising.
 */
export function findDownbeats(beats: readonly number[], onsets: OnsetStrength, colour: SoundColour): boolean[] {
  const accents = accentsOf(beats, onsets, colour);
  const four = placesInBar(accents, 4);
  const three = placesInBar(accents, 3);
  const chosen = three.score > four.score * FOUR_IS_USUAL ? three : four;
  return chosen.places.map((place) => place === 0);
}

/** How much each beat sounds like a bar's first, about zero mean. */
function accentsOf(beats: readonly number[], onsets: OnsetStrength, colour: SoundColour): number[] {
  const [low, snare, all] = [LOW_BAND, ABOVE_LOW_BAND, ALL_BANDS].map((weights) => {
    const curve = combineOnsets(onsets, weights);
    return standardised(beats.map((time) => peakAt(curve, time)));
  }) as [number[], number[], number[]];
  const harmony = standardised(beats.map((_, n) => chromaChange(beats, n, colour.chroma, 0)));
  const bass = standardised(beats.map((_, n) => chromaChange(beats, n, colour.chroma, PITCH_CLASSES)));
  return beats.map(
    (_, n) =>
      0.7 * (low[n] as number) +
      1.2 * (harmony[n] as number) +
      0.8 * (bass[n] as number) +
      0.3 * (all[n] as number) -
      0.5 * (snare[n] as number),
  );
}

function placesInBar(accents: readonly number[], meter: number): { score: number; places: number[] } {
  const emission = (accent: number, place: number) => (place === 0 ? accent : -accent / (meter - 1));
  let score = Array.from({ length: meter }, (_, place) => emission(accents[0] ?? 0, place));
  const cameFrom: number[][] = [];
  for (const accent of accents.slice(1)) {
    const best = score.indexOf(Math.max(...score));
    const from: number[] = [];
    const next: number[] = [];
    for (let place = 0; place < meter; place++) {
      const regular = (place + meter - 1) % meter;
      const broken = (score[best] as number) - BROKEN_BAR_COST;
      const isRegular = (score[regular] as number) >= broken;
      from.push(isRegular ? regular : best);
      next.push(Math.max(score[regular] as number, broken) + emission(accent, place));
    }
    score = next;
    cameFrom.push(from);
  }
  let place = score.indexOf(Math.max(...score));
  const places = [place];
  for (const from of cameFrom.reverse()) {
    place = from[place] as number;
    places.push(place);
  }
  // Of accents at random, both meters would gather as much once divided by this.
  const byChance = Math.sqrt(Math.max(1, accents.length) / (meter - 1));
  return { score: Math.max(...score) / byChance, places: places.reverse() };
}

/** How different the harmony is in the beats after one from that before, 0 to 1. */
function chromaChange(beats: readonly number[], index: number, chroma: Float32Array, from: number): number {
  const here = beats[index] as number;
  const before = beats[index - 1];
  const after = beats[index + 1];
  if (before === undefined || after === undefined) return 0;
  const a = meanChroma(chroma, before, here, from);
  const b = meanChroma(chroma, here, after, from);
  let [dot, aa, bb] = [0, 0, 0];
  for (let pitch = 0; pitch < PITCH_CLASSES; pitch++) {
    dot += (a[pitch] as number) * (b[pitch] as number);
    aa += (a[pitch] as number) ** 2;
    bb += (b[pitch] as number) ** 2;
  }
  return aa > 0 && bb > 0 ? 1 - dot / Math.sqrt(aa * bb) : 0;
}

function meanChroma(chroma: Float32Array, start: number, end: number, from: number): Float64Array {
  const sum = new Float64Array(PITCH_CLASSES);
  const last = chroma.length / CHROMA_WIDTH - 1;
  // Frames near the edges hear both beats.
  const first = Math.min(last, Math.ceil(start * COLOUR_RATE + 0.6));
  for (let frame = first; frame <= Math.min(last, Math.max(first, Math.floor(end * COLOUR_RATE - 0.6))); frame++) {
    for (let pitch = 0; pitch < PITCH_CLASSES; pitch++) {
      sum[pitch] = (sum[pitch] as number) + (chroma[frame * CHROMA_WIDTH + from + pitch] as number);
    }
  }
  return sum;
}

function peakAt(curve: Float32Array, time: number): number {
  const frame = Math.round(time * ONSET_RATE);
  let peak = curve[frame] ?? 0;
  for (let n = frame - 3; n <= frame + 3; n++) peak = Math.max(peak, curve[n] ?? peak);
  return peak;
}

/** Zero mean and unit spread, with what is far out drawn in; all zero where nothing differs. */
function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length));
  return values.map((value) => (spread > 1e-6 ? Math.max(-2.5, Math.min(2.5, (value - mean) / spread)) : 0));
}
