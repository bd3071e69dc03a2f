import type { MusicAnalysis } from '../../shared/analysis.ts';

/** How loud and busy the song is between two moments in seconds, 0 (its quietest parts) to 1 (its loudest), within itself. */
export type SongEnergy = (fromSeconds: number, toSeconds: number) => number;

/** Below this spread a song is level, and counts as middling throughout. */
const LEAST_SPREAD = 0.02;

/** The energy curve stretched to the song's own range, its 5th to its 95th percentile. */
export function songEnergy(music: Pick<MusicAnalysis, 'energy'>): SongEnergy {
  const { hopSeconds, values } = music.energy;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0.5;
  const low = at(0.05);
  const spread = at(0.95) - low;
  if (values.length === 0 || spread < LEAST_SPREAD) return () => 0.5;
  const sums = [0];
  for (const value of values) {
    sums.push((sums.at(-1) ?? 0) + Math.min(1, Math.max(0, (value - low) / spread)));
  }
  return (fromSeconds, toSeconds) => {
    const from = Math.min(values.length - 1, Math.max(0, Math.floor(fromSeconds / hopSeconds)));
    const to = Math.min(values.length, Math.max(from + 1, Math.ceil(toSeconds / hopSeconds)));
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  };
}
