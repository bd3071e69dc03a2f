import { COLOUR_RATE, PITCH_CLASSES, type SoundColour, TIMBRE_BANDS } from './colour.ts';
import { ENERGY_HOP_SECONDS } from './energy.ts';

/** A stretch of a song that sounds like one thing. */
export interface Section {
  start: number;
  end: number;
  /** Mean of the energy curve. */
  energy: number;
}

const UNIT_WITHOUT_BARS_SECONDS = 2;
/** Units (bars) to either side that a boundary tells apart. */
const REACHES = [4, 8];
/** A boundary is clearer than all others this near. */
const PEAK_UNITS = 2;
const SHORTEST_UNITS = 4;
const SHORTEST_SECONDS = 4;
const CHROMA_WEIGHT = 0.35;
const ENERGY_WEIGHT = 1.5;
const LEAST_NOVELTY = 0.16;

/**
 * Cuts a song where its sound changes: novelty along the self-similarity of its bars (Foote, "Automatic audio segmentation using a
 * measure of audio novelty", 2000) over timbre, harmony and energy. Sections follow one another from 0 to the song's end.
 *
 * @param downbeats seconds at which bars begin; without bars the song is looked at in steps of two seconds.
 */
export function findSections(
  durationSeconds: number,
  downbeats: readonly number[],
  colour: SoundColour,
  energy: readonly number[],
): Section[] {
  const edges = unitEdges(durationSeconds, downbeats);
  const units = edges.slice(0, -1).map((start, n) => features(start, edges[n + 1] as number, colour, energy));
  const cuts = boundaries(similarities(units), edges);
  const times = [0, ...cuts.map((unit) => edges[unit] as number), durationSeconds];
  return times.slice(0, -1).map((start, n) => {
    const end = times[n + 1] as number;
    return { start, end, energy: meanBetween(energy, start, end) };
  });
}

/** Where units begin, and the end of the last one. What lies before the first bar is part of it, unless it is long. */
function unitEdges(durationSeconds: number, downbeats: readonly number[]): number[] {
  const [first, second] = downbeats;
  const unit = first !== undefined && second !== undefined ? second - first : UNIT_WITHOUT_BARS_SECONDS;
  const edges = first === undefined ? [] : downbeats.filter((time) => time > 0.75 * unit);
  const lead = edges[0] ?? durationSeconds;
  const steps = Math.max(1, Math.round(lead / unit));
  const before = Array.from({ length: steps }, (_, n) => (n * lead) / steps);
  const inside = edges.filter((time) => time < durationSeconds - 0.5 * unit);
  return [...before, ...inside, durationSeconds];
}

function features(start: number, end: number, colour: SoundColour, energy: readonly number[]): number[] {
  const timbre = meanRow(colour.timbre, TIMBRE_BANDS, start, end);
  const chroma = meanRow(colour.chroma, 2 * PITCH_CLASSES, start, end);
  return [
    ...timbre.map((value) => value / 2),
    ...chroma.map((value) => value * CHROMA_WEIGHT),
    ENERGY_WEIGHT * meanBetween(energy, start, end),
  ];
}

function meanRow(rows: Float32Array, width: number, start: number, end: number): number[] {
  const last = Math.max(0, rows.length / width - 1);
  const from = Math.min(last, Math.round(start * COLOUR_RATE));
  const to = Math.min(last, Math.max(from, Math.round(end * COLOUR_RATE) - 1));
  return Array.from({ length: width }, (_, column) => {
    let sum = 0;
    for (let row = from; row <= to; row++) sum += rows[row * width + column] ?? 0;
    return sum / (to - from + 1);
  });
}

function meanBetween(energy: readonly number[], start: number, end: number): number {
  const from = Math.min(energy.length - 1, Math.round(start / ENERGY_HOP_SECONDS));
  const values = energy.slice(Math.max(0, from), Math.max(from + 1, Math.round(end / ENERGY_HOP_SECONDS)));
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}

/** 1 for units that sound the same, falling to 0; only for units near enough to be compared. */
function similarities(units: readonly number[][]): (a: number, b: number) => number {
  const furthest = 2 * Math.max(...REACHES);
  const rows = units.map((unit, a) =>
    units.slice(a, a + furthest).map((other) => {
      let squares = 0;
      for (const [n, value] of unit.entries()) squares += (value - (other[n] as number)) ** 2;
      return Math.exp(-squares);
    }),
  );
  return (a, b) => rows[Math.min(a, b)]?.[Math.abs(a - b)] ?? 0;
}

/** How much a boundary at a unit's start parts what is alike before from what is alike after: about 0 to 1. */
function noveltyAt(unit: number, units: number, similar: (a: number, b: number) => number): number {
  let best = 0;
  for (const reach of REACHES) {
    const before = Math.min(reach, unit);
    const after = Math.min(reach, units - unit);
    if (before < 2 || after < 2) continue;
    const within =
      (blockMean(similar, unit - before, unit, unit - before, unit) +
        blockMean(similar, unit, unit + after, unit, unit + after)) /
      2;
    best = Math.max(best, within - blockMean(similar, unit - before, unit, unit, unit + after));
  }
  return best;
}

function blockMean(
  similar: (a: number, b: number) => number,
  fromA: number,
  toA: number,
  fromB: number,
  toB: number,
): number {
  let [sum, count] = [0, 0];
  for (let a = fromA; a < toA; a++) {
    for (let b = fromB; b < toB; b++) {
      // A unit is always like itself: that says nothing.
      if (a === b) continue;
      sum += similar(a, b);
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
}

/** The clearest boundaries first, each far enough from those before it and from the ends. */
function boundaries(similar: (a: number, b: number) => number, edges: readonly number[]): number[] {
  const units = edges.length - 1;
  const novelty = Array.from({ length: units }, (_, unit) => noveltyAt(unit, units, similar));
  // A wide kernel may be a bar off: the step from one bar to the next says which one it is.
  const clarity = novelty.map((value, unit) => (unit > 0 ? value + (1 - similar(unit - 1, unit)) / 2 : 0));
  // On the slope up to a boundary novelty is high too: only peaks count.
  const isPeak = (unit: number) =>
    (clarity[unit] as number) >= Math.max(...clarity.slice(Math.max(0, unit - PEAK_UNITS), unit + PEAK_UNITS + 1));
  const found = Array.from(novelty.keys())
    .filter((unit) => (novelty[unit] as number) >= LEAST_NOVELTY && isPeak(unit))
    .sort((a, b) => (clarity[b] as number) - (clarity[a] as number));
  const chosen: number[] = [];
  for (const unit of found) {
    const clear = [0, units, ...chosen].every(
      (other) =>
        Math.abs(other - unit) >= (other === 0 || other === units ? SHORTEST_UNITS / 2 : SHORTEST_UNITS) &&
        Math.abs((edges[other] as number) - (edges[unit] as number)) >= SHORTEST_SECONDS / 2,
    );
    if (clear) chosen.push(unit);
  }
  return chosen.sort((a, b) => a - b);
}
