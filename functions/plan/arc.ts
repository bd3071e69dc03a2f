import type { Style } from '../../shared/style.ts';

type Points = readonly (readonly [position: number, tension: number])[];

const PRESETS: Readonly<Record<Extract<Style['arc'], string>, Points>> = {
  hero_journey: [
    [0, 0.2],
    [0.35, 0.45],
    [0.7, 0.9],
    [0.9, 0.6],
    [1, 0.25],
  ],
  three_act: [
    [0, 0.25],
    [0.35, 0.5],
    [0.7, 0.9],
    [1, 0.3],
  ],
  slow_burn: [
    [0, 0.15],
    [0.5, 0.25],
    [0.85, 0.95],
    [1, 0.4],
  ],
  documentary: [
    [0, 0.25],
    [0.4, 0.4],
    [0.7, 0.6],
    [1, 0.35],
  ],
  mtv_energy: [
    [0, 0.85],
    [0.5, 0.95],
    [1, 0.85],
  ],
  fichtean_curve: [
    [0, 0.3],
    [0.2, 0.55],
    [0.4, 0.45],
    [0.6, 0.75],
    [0.8, 0.6],
    [1, 0.85],
  ],
  linear_build: [
    [0, 0.2],
    [1, 0.85],
  ],
  constant: [
    [0, 0.5],
    [1, 0.5],
  ],
};

/** Tension, 0 to 1, at a position of the montage, 0 to 1: straight lines between the arc's points, level outside them. */
export function tensionAt(arc: Style['arc'], position: number): number {
  const points: Points = typeof arc === 'string' ? PRESETS[arc] : arc;
  const after = points.findIndex(([at]) => at >= position);
  const next = points[after];
  const before = points[after - 1];
  if (!next) return points.at(-1)?.[1] ?? 0.5;
  if (!before) return next[1];
  return before[1] + ((next[1] - before[1]) * (position - before[0])) / (next[0] - before[0]);
}

/** How near the arc is to its own peak, 0 to 1; 0 everywhere on a level arc, which has no peak. */
export function peakNearness(arc: Style['arc'], position: number): number {
  const points: Points = typeof arc === 'string' ? PRESETS[arc] : arc;
  const tensions = points.map(([, tension]) => tension);
  const low = Math.min(...tensions);
  const high = Math.max(...tensions);
  if (high - low < 1e-6) return 0;
  return ((tensionAt(arc, position) - low) / (high - low)) ** 2;
}
