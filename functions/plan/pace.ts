import type { MusicAnalysis } from '../../shared/analysis.ts';
import type { Style } from '../../shared/style.ts';
import { peakNearness, tensionAt } from './arc.ts';
import type { GridPoint, SectionLabel } from './grid.ts';
import type { SongEnergy } from './song-energy.ts';
import type { Variation } from './variation.ts';

interface Range {
  min: number;
  base: number;
  max: number;
}

const SPEED_BEATS: Readonly<Record<Exclude<Style['pacing']['speed'], 'dynamic'>, Range>> = {
  extreme: { min: 0.5, base: 0.75, max: 1 },
  very_fast: { min: 1, base: 1.4, max: 2 },
  fast: { min: 1, base: 2, max: 4 },
  medium: { min: 2, base: 4, max: 8 },
  slow: { min: 4, base: 8, max: 16 },
  very_slow: { min: 8, base: 16, max: 32 },
};

const SECTION_BEATS: Readonly<Record<Exclude<SectionLabel, 'build'>, Range>> = {
  intro: { min: 8, base: 11, max: 16 },
  verse: { min: 4, base: 5.6, max: 8 },
  drop: { min: 1, base: 1.4, max: 2 },
  break: { min: 4, base: 5.6, max: 8 },
  outro: { min: 8, base: 11, max: 16 },
};

/** Octaves by which the arc, from no tension to full, shortens cuts. */
const ARC_OCTAVES = 1.6;
/** Octaves by which the song's energy, from its quietest to its loudest, shortens cuts at a gain of 1. */
const ENERGY_OCTAVES = 1;
/** How far the energy is looked at from where a cut starts. */
const LOOK_AHEAD_SECONDS = 2;

/** Length in beats that a cut starting at a grid point is wanted to have. */
export type Pace = (point: GridPoint) => number;

/** Whether this style's cuts may fall between beats. */
export function cutsHalfBeats({ speed, beatsPerCut }: Style['pacing']): boolean {
  return beatsPerCut ? beatsPerCut.min < 1 : speed === 'extreme';
}

/**
 * The pace of a montage: the speed's own length (or the section's, for `dynamic`), moved by the song's energy, the arc and
 * the nearness of the climax, kept in the speed's bounds, varied, and kept in the style's bounds.
 */
export function paceOf(
  style: Style,
  music: MusicAnalysis,
  energy: SongEnergy,
  variation: Variation,
  points: readonly GridPoint[],
): Pace {
  const { pacing, arc } = style;
  const endSeconds = points.at(-1)?.seconds ?? 0;
  const first = points[0]?.position ?? 0;
  return (point) => {
    const at = endSeconds > 0 ? point.seconds / endSeconds : 0;
    const tension = tensionAt(arc, at);
    const level = energy(point.seconds, point.seconds + LOOK_AHEAD_SECONDS);
    const range =
      pacing.speed === 'dynamic'
        ? ledByArc(sectionRange(point, points, music), tension, pacing.climax * Math.min(1, level / CALM_ENERGY))
        : SPEED_BEATS[pacing.speed];
    const drive =
      ENERGY_OCTAVES * pacing.energyGain * (level - 0.5) +
      ARC_OCTAVES * (tension - 0.5) +
      Math.log2(1 + pacing.climax * peakNearness(arc, at));
    // The arc may lead a little out of the speed's own bounds: a quiet start is longer, a climax shorter than any other part.
    const moved = clamp(range.base * 2 ** -drive, range.min * 0.7, range.max * 1.4);
    const varied = moved * variation(point.position - first);
    const bounds = pacing.beatsPerCut ?? { min: cutsHalfBeats(pacing) ? 0.5 : 1, max: Math.max(range.max * 2, 4) };
    return clamp(varied, bounds.min, bounds.max);
  };
}

/** Tension below which an arc holds even a drop back to the pace of quiet music, fully and not at all. */
const HELD_TENSION = { fully: 0.24, not: 0.3 } as const;
const HELD_RANGE: Range = { min: 4, base: 8, max: 16 };
/** Tension above which an arc's climax cuts like a drop whatever the section, not at all and fully. */
const DRIVEN_TENSION = { not: 0.75, fully: 0.95 } as const;
/** In music quieter than this a climax drives less. */
const CALM_ENERGY = 0.4;

/** A section's range where the arc has the say: slower where there is hardly any tension, faster at its climax. */
function ledByArc(range: Range, tension: number, climax: number): Range {
  const share = (from: number, to: number) => clamp((tension - from) / (to - from), 0, 1);
  const held = blend(range, HELD_RANGE, share(HELD_TENSION.not, HELD_TENSION.fully), Math.max);
  return blend(
    held,
    SECTION_BEATS.drop,
    Math.min(1, climax) * share(DRIVEN_TENSION.not, DRIVEN_TENSION.fully),
    Math.min,
  );
}

/** From one range towards the slower or faster (`choose`) of it and another, by octaves. */
function blend(range: Range, other: Range, share: number, choose: (a: number, b: number) => number): Range {
  const between = (a: number, b: number) => a ** (1 - share) * choose(a, b) ** share;
  return {
    min: between(range.min, other.min),
    base: between(range.base, other.base),
    max: between(range.max, other.max),
  };
}

function sectionRange(point: GridPoint, points: readonly GridPoint[], music: MusicAnalysis): Range {
  const label = music.sections[point.section]?.label ?? 'verse';
  if (label !== 'build') return SECTION_BEATS[label];
  // Half of what is left of the build: 8, 4, 2, 1, 1 in one of sixteen beats.
  const next = points.find((other) => other.section > point.section) ?? points.at(-1);
  const left = (next?.position ?? point.position) - point.position;
  const base = clamp(left / 2, 1, 8);
  return { min: Math.max(1, base / 1.5), base, max: base * 1.5 };
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
