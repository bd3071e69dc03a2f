import type { Features } from './features.ts';
import { coarseLikeness, distance, shareChanged, unmixed } from './thumbnails.ts';

/** A dissolve or fade: `first` is the last frame of only the old picture, `last` the first of only the new one. */
export interface Dissolve {
  first: number;
  last: number;
}

/** Half lengths that are looked for, in seconds. */
const HALF_SECONDS = [0.06, 0.09, 0.12, 0.18, 0.25, 0.32, 0.42, 0.54, 0.7, 0.9, 1.15, 1.5];
/** Two pictures that are less than this apart, in levels of luma and chroma, aren't two shots. */
const LEAST_DISTANCE = 14;
/** Titles and people come and go, and cameras open their iris: a new picture changes nearly everywhere, each place otherwise, … */
const LEAST_CHANGED = 0.75;
const CHANGED_LEVELS = 8;
/** … unless the change is so great that it can be nothing else. */
const GREAT_DISTANCE = 80;
/** Most that frames between may differ from mixtures of the two ends: the less, the less the ends differ themselves. */
const MOST_UNMIXED = { least: 0.17, aLevel: 0.001, most: 0.27 };
/** Pictures that are more alike than this in structure are the same, in another light. */
const MOST_ALIKE = 0.32;
/** On one side of it at least the picture changes less than this, at the same pace: else the change is the camera's. */
const QUIET_SIDE = 0.7;
/** Frames that have to be left of either shot, to tell how it changes by itself. */
const LEAST_MARGIN = 2;

/**
 * Dissolves and fades between `start` and `end` (exclusive), a stretch without hard cuts, in order and without overlap.
 *
 * The frames of a dissolve are mixtures of its two ends in linearly rising shares (the edit model of Hampapur, Jain and
 * Weymouth, 1994, and of Truong, Dorai and Venkatesh, 2000), which neither a moving camera nor moving things produce; and
 * before and after it the picture is comparatively still, so that of all windows the one that fits it gains most.
 */
export function findDissolves(features: Features, start: number, end: number, framesPerSecond: number): Dissolve[] {
  const halves = [...new Set(HALF_SECONDS.map((seconds) => Math.max(2, Math.round(seconds * framesPerSecond))))];
  const travelled = pathLengths(features, start, end);
  const candidates: (Dissolve & { gain: number })[] = [];
  for (const half of halves)
    for (let first = start; first + 2 * half < end; first++) {
      const last = first + 2 * half;
      // Two frames are no further apart than the way between them, which is known: most windows need no look at all.
      if ((travelled[last - start] as number) - (travelled[first - start] as number) < LEAST_DISTANCE) continue;
      const gain = gainOf(features, first, last, start, end);
      if (gain > 0) candidates.push({ first, last, gain });
    }
  candidates.sort((a, b) => b.gain - a.gain);
  const found: Dissolve[] = [];
  for (const { first, last } of candidates)
    if (found.every((other) => last <= other.first || first >= other.last)) found.push({ first, last });
  return found.sort((a, b) => a.first - b.first);
}

/** For each frame, the sum of the distances from frame to frame since `start`. */
function pathLengths(features: Features, start: number, end: number): Float64Array {
  const lengths = new Float64Array(end - start);
  for (let i = 1; i < lengths.length; i++)
    lengths[i] = (lengths[i - 1] as number) + distance(features, start + i - 1, start + i);
  return lengths;
}

/** By how much the change within a window exceeds what would be there without a dissolve; 0 when it is none. */
function gainOf(features: Features, first: number, last: number, start: number, end: number): number {
  const inside = distance(features, first, last);
  if (inside < LEAST_DISTANCE) return 0;
  const margin = Math.max(LEAST_MARGIN, (last - first) >> 2);
  const [from, to] = [Math.max(start, first - margin), Math.min(end - 1, last + margin)];
  if (first - from < LEAST_MARGIN || to - last < LEAST_MARGIN) return 0;
  // Change a frame, as a share of that inside.
  const before = (distance(features, from, first) / (first - from)) * ((last - first) / inside);
  const after = (distance(features, last, to) / (to - last)) * ((last - first) / inside);
  if (Math.min(before, after) > QUIET_SIDE) return 0;
  const most = Math.min(MOST_UNMIXED.most, MOST_UNMIXED.least + MOST_UNMIXED.aLevel * inside);
  const mixing = unmixed(features, first, last, inside, most);
  if (mixing > most) return 0;
  if (inside < GREAT_DISTANCE && shareChanged(features, first, last, CHANGED_LEVELS) < LEAST_CHANGED) return 0;
  if (coarseLikeness(features, first, last) > MOST_ALIKE) return 0;
  return inside * (1 - mixing - (before + after) / 4);
}
