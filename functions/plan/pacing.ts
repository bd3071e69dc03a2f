import type { MusicAnalysis } from '../../shared/analysis.ts';
import { type FrameRate, framesPerSecond, secondsAt } from '../../shared/frame-rate.ts';
import type { Style } from '../../shared/style.ts';
import { beatPeriod, cutGrid, type GridPoint, withFrames } from './grid.ts';
import { cutsHalfBeats, paceOf } from './pace.ts';
import type { Random } from './random.ts';
import type { SongEnergy } from './song-energy.ts';
import { variationOf } from './variation.ts';

/** A stretch of the timeline that one shot will fill. */
export interface Slot {
  frame: number;
  frames: number;
  /** Where it starts in the music. */
  start: GridPoint;
}

export interface Rhythm {
  slots: Slot[];
  /** Every place where a cut could fall, in order, frame 0 and the end included. */
  grid: GridPoint[];
}

export interface PacingInputs {
  style: Style;
  music: MusicAnalysis;
  energy: SongEnergy;
  frameRate: FrameRate;
  /** Length of the montage. */
  frames: number;
  /** Length of the longest stretch that any clip can show: no cut is longer. */
  longestFrames: number;
  /** Stretches that are one cut each whatever the music says, in order. Default: none. */
  fixed?: readonly Stretch[];
  random: Random;
}

/** A piece of the timeline, in frames. */
export interface Stretch {
  frame: number;
  frames: number;
}

const COST = {
  /** A section that starts in the middle of a shot. */
  spannedSection: 6,
  /** A shot of two beats or more that starts on no downbeat, a shot of eight or more that starts on no phrase. */
  offDownbeat: 0.5,
  offPhrase: 0.8,
  /** Lengths other than 1, 2, 4, 8 …: of 3, 6, 12 …, and of all others. */
  triple: 0.15,
  odd: 0.5,
  thirdEqual: 40,
  /** For each beat that the opening or closing shot is off its length. */
  heldBeat: 4,
  /** For each octave that a length lies out of the style's bounds. */
  bounds: 200,
} as const;

/** At most this share of a montage is its opening shot, and as much its closing one. */
const LONGEST_HELD_SHARE = 0.25;

/**
 * Where the cuts fall: the cheapest way from frame 0 to the end over the places that the music offers, found by dynamic
 * programming (each cut's length against the wanted one, by squared octaves weighted by length; landing on weak beats;
 * playing over a section's start; three equal lengths in a row; the style's bounds in beats and seconds).
 */
export function planRhythm(inputs: PacingInputs): Rhythm {
  const { style, music, energy, frameRate, frames, fixed = [], random } = inputs;
  const bounds = fixed.flatMap((stretch) => [stretch.frame, stretch.frame + stretch.frames]);
  const grid = withFrames(cutGrid(music, frameRate, frames, cutsHalfBeats(style.pacing)), bounds, frameRate);
  const totalBeats = (grid.at(-1)?.position ?? 0) - (grid[0]?.position ?? 0);
  const variation = variationOf(style.pacing.variation, totalBeats, random);
  const pace = paceOf(style, music, energy, variation, grid);
  const wanted = grid.map(pace);
  const chosen = cheapestPath(grid, edgeCosts(inputs, grid, wanted), style.pacing.variation !== 'minimal');
  const cutPoints = style.pacing.syncToBeats
    ? chosen
    : chosen.map((point, i) =>
        i === 0 || i === chosen.length - 1 || bounds.includes(point.frame)
          ? point
          : breathNear(point, beatPeriod(music), energy, frameRate),
      );
  return {
    grid,
    slots: cutPoints.slice(0, -1).map((start, i) => ({
      frame: start.frame,
      frames: (cutPoints[i + 1]?.frame ?? frames) - start.frame,
      start,
    })),
  };
}

interface Edges {
  /** What a cut from one grid point to another costs. */
  cost: (from: number, to: number) => number;
  /** The farthest point that a cut from here may be worth trying to. */
  farthest: (from: number) => number;
}

function edgeCosts(inputs: PacingInputs, grid: readonly GridPoint[], wanted: readonly number[]): Edges {
  const { style, frameRate, frames, longestFrames, fixed = [] } = inputs;
  const { pacing, shots } = style;
  const last = grid.length - 1;
  const rate = framesPerSecond(frameRate);
  const least = Math.max(1, shots.minClipSeconds * rate - 0.5);
  const most = Math.max(least, Math.min(shots.maxClipSeconds * rate + 0.5, longestFrames));
  const totalBeats = (grid[last]?.position ?? 0) - (grid[0]?.position ?? 0);
  const held = (beats: number) => {
    const secondsOfBeat = secondsAt(frames, frameRate) / Math.max(1, totalBeats);
    return Math.round(Math.min(beats, totalBeats * LONGEST_HELD_SHARE, most / rate / secondsOfBeat));
  };
  const introBeats = held(pacing.introBeats);
  const outroBeats = held(pacing.outroBeats);
  const sectionsBefore = prefixCount(grid, (point) => point.opens !== null);
  const bounds = pacing.beatsPerCut ?? { min: 0, max: Number.POSITIVE_INFINITY };
  const farthest = (from: number) => {
    const a = grid[from];
    const held = fixed.find(({ frame }) => frame === a?.frame);
    if (held) return grid.findIndex(({ frame }) => frame === held.frame + held.frames);
    const reach = Math.max(4 * (wanted[from] ?? 0), from === 0 ? introBeats + 1 : 0, 2);
    const beyond = grid.findIndex(
      (b, to) => to > from + 1 && a && b.position - a.position > reach && b.frame - a.frame > least * 1.5,
    );
    return beyond < 0 ? last : beyond;
  };
  const cost = (from: number, to: number) => {
    const a = grid[from];
    const b = grid[to];
    if (!a || !b) return Number.POSITIVE_INFINITY;
    const beats = b.position - a.position;
    const length = b.frame - a.frame;
    const held = fixed.find((stretch) => a.frame < stretch.frame + stretch.frames && b.frame > stretch.frame);
    if (held) return a.frame === held.frame && length === held.frames ? 0 : Number.POSITIVE_INFINITY;
    let total = 0;
    const heldBeats = from === 0 && introBeats > 0 ? introBeats : to === last && outroBeats > 0 ? outroBeats : null;
    if (heldBeats !== null) total += COST.heldBeat * Math.abs(beats - heldBeats);
    else {
      total += beats * Math.log2(beats / (wanted[from] ?? beats)) ** 2;
      total += COST.bounds * (octavesBelow(beats, bounds.min) + octavesBelow(bounds.max, beats));
      if (to !== last) total += oddness(beats);
    }
    total += COST.bounds * (octavesBelow(length, least) + octavesBelow(most, length));
    // Longer than anything the clips can show is worse than any other fault.
    total += 10 * COST.bounds * octavesBelow(longestFrames, length);
    if (from > 0) {
      if (beats >= 2 && !a.downbeat) total += COST.offDownbeat;
      if (beats >= 8 && !a.phrase) total += COST.offPhrase;
    }
    const spanned = (sectionsBefore[to] ?? 0) - (sectionsBefore[from + 1] ?? 0);
    return total + COST.spannedSection * spanned;
  };
  return { cost, farthest };
}

/** How many octaves `value` lies below `bound`; 0 when it doesn't. */
function octavesBelow(value: number, bound: number): number {
  return value >= bound - 1e-6 ? 0 : Math.log2(bound / Math.max(value, 1e-3));
}

function oddness(beats: number): number {
  const octaves = Math.log2(beats);
  if (Number.isInteger(octaves)) return 0;
  return Number.isInteger(Math.log2(beats / 3)) ? COST.triple : COST.odd;
}

/** counts[i] is how many of the first i points fulfil the condition. */
function prefixCount(points: readonly GridPoint[], condition: (point: GridPoint) => boolean): number[] {
  const counts = [0];
  for (const point of points) counts.push((counts.at(-1) ?? 0) + Number(condition(point)));
  return counts;
}

interface Arrival {
  cost: number;
  from: number;
  /** Length of the cut that ends here, in half beats, and whether the one before it was as long. */
  length: number;
  repeated: boolean;
  before: Arrival | null;
}

/** The cheapest path over the grid. A third cut of the same length in a row costs extra when `varied`. */
function cheapestPath(grid: readonly GridPoint[], { cost, farthest }: Edges, varied: boolean): GridPoint[] {
  const last = grid.length - 1;
  // Ways to arrive at each point, the cheapest for each length of the cut that ends there and whether it is a repeat.
  const arrivals: Map<number, Arrival>[] = grid.map(() => new Map());
  arrivals[0]?.set(0, { cost: 0, from: -1, length: -1, repeated: false, before: null });
  for (let from = 0; from < last; from++) {
    const ways = arrivals[from] ?? new Map<number, Arrival>();
    const sorted = [...ways.values()].sort((a, b) => a.cost - b.cost);
    const best = sorted[0];
    if (!best) continue;
    const otherwise = sorted.find((arrival) => arrival.length !== best.length);
    const tryTo = (to: number) => {
      const price = cost(from, to);
      if (price === Number.POSITIVE_INFINITY) return;
      const length = Math.round(((grid[to]?.position ?? 0) - (grid[from]?.position ?? 0)) * 2);
      const offer = (before: Arrival | undefined, repeated: boolean, extra: number) => {
        if (!before) return;
        const total = before.cost + price + extra;
        const key = length * 2 + Number(repeated);
        const known = arrivals[to]?.get(key);
        if (!known || total < known.cost) arrivals[to]?.set(key, { cost: total, from, length, repeated, before });
      };
      offer(best.length !== length ? best : otherwise, false, 0);
      offer(ways.get(length * 2), true, 0);
      offer(ways.get(length * 2 + 1), true, varied ? COST.thirdEqual : 0);
    };
    const reach = farthest(from);
    for (let to = from + 1; to <= reach; to++) tryTo(to);
    // The closing shot may be held however fast the cuts before it come.
    if (reach < last) tryTo(last);
  }
  const ends = [...(arrivals[last]?.values() ?? [])].sort((a, b) => a.cost - b.cost);
  const path: GridPoint[] = [];
  for (let arrival = ends[0] ?? null; arrival; arrival = arrival.before) {
    const point = arrival.from < 0 ? undefined : grid[arrival.from];
    if (point) path.unshift(point);
  }
  const end = grid[last];
  return end ? [...path, end] : path;
}

/** The quietest moment within half a beat: where the music breathes, a cut off the beat is felt as natural. */
function breathNear(point: GridPoint, period: number, energy: SongEnergy, rate: FrameRate): GridPoint {
  const reach = Math.max(1, Math.floor((period / 2) * framesPerSecond(rate)) - 1);
  let frame = point.frame;
  let quietest = Number.POSITIVE_INFINITY;
  for (let off = 0; off <= reach; off++) {
    for (const candidate of [point.frame - off, point.frame + off]) {
      const at = secondsAt(candidate, rate);
      const level = energy(at, at);
      if (level < quietest - 1e-9) {
        quietest = level;
        frame = candidate;
      }
    }
  }
  return frame === point.frame ? point : { ...point, frame, seconds: secondsAt(frame, rate), kind: 'pulse' };
}
