import type { MusicAnalysis, SECTION_LABELS } from '../../../../shared/analysis.ts';
import type { Style } from '../../../../shared/style.ts';
import { planRhythm } from '../../../plan/pacing.ts';
import { randomStream } from '../../../plan/random.ts';
import { songEnergy } from '../../../plan/song-energy.ts';

/** One cut of the graph: where it starts and how long it is, as shares of the whole, and how fast it is, 0 to 1. */
export interface PaceBar {
  readonly start: number;
  readonly length: number;
  readonly speed: number;
}

const RATE = '24/1';
const BEAT_SECONDS = 0.5;
/** A song as most are built: quiet, sung, rising, loud, calm, loud, out. Beats and energy of each part. */
const PARTS: readonly [(typeof SECTION_LABELS)[number], number, number][] = [
  ['intro', 16, 0.15],
  ['verse', 16, 0.4],
  ['build', 16, 0.6],
  ['drop', 24, 1],
  ['break', 8, 0.3],
  ['drop', 24, 0.95],
  ['outro', 16, 0.2],
];
const SONG = modelSong();
/** Cuts of a quarter of a second fill the graph's height, those of sixteen seconds hardly rise. */
const FASTEST_SECONDS = 0.25;
const SLOWEST_SECONDS = 16;

/** How a style would cut one and the same song: the planner's own rhythm, from the style's own numbers. */
export function paceBars(style: Style): PaceBar[] {
  const frames = SONG.durationSeconds * 24;
  const { slots } = planRhythm({
    style,
    music: SONG,
    energy: songEnergy(SONG),
    frameRate: RATE,
    frames,
    longestFrames: frames,
    random: randomStream(1, 'pace'),
  });
  return slots.map((slot) => ({
    start: slot.frame / frames,
    length: slot.frames / frames,
    speed: speedOf(slot.frames / 24),
  }));
}

function speedOf(seconds: number): number {
  const share = Math.log2(SLOWEST_SECONDS / seconds) / Math.log2(SLOWEST_SECONDS / FASTEST_SECONDS);
  return Math.min(1, Math.max(0.06, share));
}

function modelSong(): MusicAnalysis {
  const beats = PARTS.reduce((sum, [, count]) => sum + count, 0);
  let beat = 0;
  const sections = PARTS.map(([label, count, energy]) => {
    const start = beat * BEAT_SECONDS;
    beat += count;
    return { label, start, end: beat * BEAT_SECONDS, energy };
  });
  return {
    kind: 'music',
    durationSeconds: beats * BEAT_SECONDS,
    tempo: 60 / BEAT_SECONDS,
    beats: Array.from({ length: beats }, (_, i) => ({ time: i * BEAT_SECONDS, downbeat: i % 4 === 0, confidence: 1 })),
    sections,
    energy: { hopSeconds: BEAT_SECONDS, values: PARTS.flatMap(([, count, energy]) => Array(count).fill(energy)) },
    loudnessLufs: -14,
  };
}
