import type { MusicAnalysis } from '../../../../shared/analysis.ts';

/** A song drawn in a box of 1000 by 100: its loudness around the middle, and its bars and sections as shares of the width. */
export interface SongLine {
  readonly outline: string;
  readonly downbeats: readonly number[];
  readonly sections: readonly { label: MusicAnalysis['sections'][number]['label']; start: number; width: number }[];
}

const POINTS = 240;

/** The line of a song, from what was heard in it. */
export function songLine({ durationSeconds, energy, beats, sections }: MusicAnalysis): SongLine {
  const { hopSeconds, values } = energy;
  const loudest = Math.max(0.01, ...values);
  const heights = Array.from({ length: POINTS + 1 }, (_, i) => {
    const from = Math.floor(((i / POINTS) * durationSeconds) / hopSeconds);
    const until = Math.max(from + 1, Math.floor((((i + 1) / POINTS) * durationSeconds) / hopSeconds));
    const part = values.slice(from, until);
    const mean = part.length > 0 ? part.reduce((sum, value) => sum + value, 0) / part.length : (values.at(-1) ?? 0);
    return Math.max(1, (mean / loudest) * 48);
  });
  const point = (i: number, side: 1 | -1) => `${round((i / POINTS) * 1000)} ${round(50 + side * (heights[i] ?? 0))}`;
  const above = heights.map((_, i) => point(i, -1));
  const below = heights.map((_, i) => point(i, 1)).reverse();
  return {
    outline: `M${[...above, ...below].join('L')}Z`,
    downbeats: beats.filter(({ downbeat }) => downbeat).map(({ time }) => time / durationSeconds),
    sections: sections.map(({ label, start, end }) => ({
      label,
      start: start / durationSeconds,
      width: (end - start) / durationSeconds,
    })),
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
