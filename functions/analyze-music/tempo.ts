import { ONSET_RATE } from './onsets.ts';

const SLOWEST = 40;
const FASTEST = 220;
/** Tempi are looked at in steps of one percent. */
const STEP = 1.01;
const WINDOW_FRAMES = 12 * ONSET_RATE;
const MULTIPLES = 4;
/** Mean square of an onset curve in which hardly anything begins. */
const STILL_ENERGY = 0.03;
/** What a change of one step between two seconds costs, and the furthest step at once. */
const CHANGE_COST = 0.1;
const FURTHEST_CHANGE = 6;
const JUMP_COST = 2;

interface TempoCurve {
  /** Beats a minute at each whole second. */
  perSecond: Float32Array;
  /** How periodic the onsets are at that tempo: about 0 for noise and pads, 0.2 and more for music with a pulse. */
  strength: number;
}

/** How likely people are to tap at a tempo: a log-normal around 120, after Parncutt (1994) and Ellis (2007). */
export function tappingPreference(tempo: number, octaves: number): number {
  return Math.exp(-0.5 * (Math.log2(tempo / 118) / octaves) ** 2);
}

/**
 * The tempo over time: autocorrelation of the onsets in windows, combed with its multiples and weighted by what people would tap,
 * then the best path through these tempograms that changes slowly (Viterbi).
 */
export function tempoCurve(onsets: Float32Array): TempoCurve {
  const tempi: number[] = [];
  for (let tempo = SLOWEST; tempo <= FASTEST; tempo *= STEP) tempi.push(tempo);
  const preference = tempi.map((tempo) => tappingPreference(tempo, 0.9));
  const seconds = Math.max(1, Math.ceil(onsets.length / ONSET_RATE));
  const salience: Float32Array[] = [];
  for (let second = 0; second < seconds; second++) {
    const correlation = autocorrelation(onsets, second * ONSET_RATE);
    salience.push(Float32Array.from(tempi, (tempo, k) => comb(correlation, tempo) * (preference[k] as number)));
  }
  const path = smoothPath(salience);
  let strength = 0;
  for (const [second, k] of path.entries()) {
    strength += (salience[second]?.[k] as number) / (preference[k] as number) / path.length;
  }
  return { perSecond: Float32Array.from(path, (k) => tempi[k] as number), strength };
}

/** The mean of a curve as intervals, in beats a minute. */
export function meanTempo(perSecond: Float32Array): number {
  let sum = 0;
  for (const tempo of perSecond) sum += 1 / tempo;
  return perSecond.length > 0 ? perSecond.length / sum : 0;
}

/** Normalised autocorrelation of the window around a frame, for all lags that the comb needs. */
function autocorrelation(onsets: Float32Array, centre: number): Float32Array {
  const longest = Math.ceil((MULTIPLES * 60 * ONSET_RATE) / SLOWEST) + 2;
  // At the song's ends the window moves inwards rather than shrinking.
  const from = Math.max(0, Math.min(centre - WINDOW_FRAMES / 2, onsets.length - WINDOW_FRAMES));
  const window = onsets.slice(from, from + WINDOW_FRAMES);
  const correlation = new Float32Array(longest + 1);
  let energy = 0;
  for (const value of window) energy += value * value;
  // The little that goes on in held tones is no rhythm, however regular.
  energy += STILL_ENERGY * window.length;
  for (let lag = 0; lag <= longest && lag < window.length; lag++) {
    let sum = 0;
    for (let n = lag; n < window.length; n++) sum += (window[n] as number) * (window[n - lag] as number);
    // Half way between biased and unbiased: long lags rest on few frames.
    correlation[lag] = sum / energy / Math.sqrt((window.length - lag) / window.length);
  }
  return correlation;
}

function comb(correlation: Float32Array, tempo: number): number {
  const period = (60 * ONSET_RATE) / tempo;
  let sum = 0;
  let weights = 0;
  for (let multiple = 1; multiple <= MULTIPLES; multiple++) {
    const lag = multiple * period;
    const whole = Math.floor(lag);
    const part = lag - whole;
    const value = (1 - part) * (correlation[whole] ?? 0) + part * (correlation[whole + 1] ?? 0);
    sum += value / multiple;
    weights += 1 / multiple;
  }
  return Math.max(0, sum / weights);
}

function smoothPath(salience: readonly Float32Array[]): number[] {
  const states = salience[0]?.length ?? 0;
  let score = Float64Array.from(salience[0] ?? []);
  const cameFrom: Uint16Array[] = [];
  for (const now of salience.slice(1)) {
    const from = new Uint16Array(states);
    const next = new Float64Array(states);
    let anywhere = 0;
    for (let k = 1; k < states; k++) if ((score[k] as number) > (score[anywhere] as number)) anywhere = k;
    for (let k = 0; k < states; k++) {
      let best = (score[anywhere] as number) - JUMP_COST;
      let at = anywhere;
      for (let j = Math.max(0, k - FURTHEST_CHANGE); j <= Math.min(states - 1, k + FURTHEST_CHANGE); j++) {
        const value = (score[j] as number) - CHANGE_COST * Math.abs(k - j);
        if (value > best) {
          best = value;
          at = j;
        }
      }
      next[k] = best + (now[k] as number);
      from[k] = at;
    }
    score = next;
    cameFrom.push(from);
  }
  let k = 0;
  for (let j = 1; j < states; j++) if ((score[j] as number) > (score[k] as number)) k = j;
  const path = [k];
  for (let second = cameFrom.length - 1; second >= 0; second--) {
    k = cameFrom[second]?.[k] as number;
    path.push(k);
  }
  return path.reverse();
}
