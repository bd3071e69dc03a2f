import type { PlanInputs } from '../../../functions/plan/inputs.ts';
import { NOT_ASKED } from '../../../functions/plan/upscaling.ts';
import type { FootageAnalysis, MusicAnalysis, Shot } from '../../../shared/analysis.ts';
import { type FrameRate, nearestFrame, secondsAt } from '../../../shared/frame-rate.ts';
import { JobRequestSchema } from '../../../shared/request.ts';
import { resolveStyle } from '../../../shared/styles/built-in.ts';
import type { StyleOverrides } from '../../../shared/styles/overrides.ts';

const HOP_SECONDS = 0.1;

export interface ShotShape extends Partial<Omit<Shot, 'startFrame' | 'endFrame' | 'startSeconds' | 'endSeconds'>> {
  seconds: number;
}

/** A clip made of shots that follow one another; its curves are level within each shot. */
export function footage(
  shots: readonly ShotShape[],
  { frameRate = '25/1' as FrameRate, width = 1920, height = 1080, hasAudio = true } = {},
): FootageAnalysis {
  let startFrame = 0;
  const made = shots.map(({ seconds, ...shape }, i): Shot => {
    const endFrame = startFrame + nearestFrame(seconds, frameRate);
    const shot: Shot = {
      startFrame,
      endFrame,
      startSeconds: secondsAt(startFrame, frameRate),
      endSeconds: secondsAt(endFrame, frameRate),
      opens: i === 0 ? 'start' : 'cut',
      motion: 0.2,
      sharpness: 0.6,
      exposure: 0.45,
      clipped: 0.01,
      symmetry: 0.5,
      spread: 0.5,
      colour: [50, 0, 0],
      loudnessLufs: hasAudio ? -23 : null,
      ...shape,
    };
    startFrame = endFrame;
    return shot;
  });
  const durationSeconds = secondsAt(startFrame, frameRate);
  const at = (hop: number) => made.find((shot) => shot.endSeconds > (hop + 0.5) * HOP_SECONDS) ?? (made.at(-1) as Shot);
  const curve = (of: (shot: Shot) => number) =>
    Array.from({ length: Math.ceil(durationSeconds / HOP_SECONDS) }, (_, hop) => of(at(hop)));
  return {
    kind: 'footage',
    durationSeconds,
    frameRate,
    width,
    height,
    hasAudio,
    shots: made,
    curves: {
      hopSeconds: HOP_SECONDS,
      motion: curve(({ motion }) => motion),
      sharpness: curve(({ sharpness }) => sharpness),
      exposure: curve(({ exposure }) => exposure),
    },
  };
}

export interface SongShape {
  seconds: number;
  /** 0 for music without a pulse. */
  tempo?: number;
  /** Time of the first beat. */
  offsetSeconds?: number;
  /** Labels with the share of the song and the energy of each; one verse by default. */
  sections?: readonly (readonly [label: MusicAnalysis['sections'][number]['label'], share: number, energy: number])[];
}

/** A song of steady tempo, four beats a bar. */
export function song({
  seconds,
  tempo = 120,
  offsetSeconds = 0,
  sections = [['verse', 1, 0.5]],
}: SongShape): MusicAnalysis {
  const beats: MusicAnalysis['beats'] = [];
  for (let i = 0; tempo > 0 && offsetSeconds + (i * 60) / tempo < seconds; i++) {
    beats.push({ time: offsetSeconds + (i * 60) / tempo, downbeat: i % 4 === 0, confidence: 0.9 });
  }
  const total = sections.reduce((sum, [, share]) => sum + share, 0);
  let before = 0;
  const made = sections.map(([label, share, energy]) => {
    const start = (seconds * before) / total;
    before += share;
    return { start, end: (seconds * before) / total, label, energy };
  });
  const values = Array.from({ length: Math.ceil(seconds / HOP_SECONDS) }, (_, hop) => {
    const time = (hop + 0.5) * HOP_SECONDS;
    const section = made.find(({ end }) => end > time) ?? made.at(-1);
    // Between beats the music is a little quieter than on them.
    const phase = tempo > 0 ? (((time - offsetSeconds) * tempo) / 60) % 1 : 0;
    return Math.min(1, Math.max(0, (section?.energy ?? 0.5) * (1 - 0.2 * Math.abs(phase))));
  });
  return {
    kind: 'music',
    durationSeconds: seconds,
    tempo,
    beats,
    sections: made,
    energy: { hopSeconds: HOP_SECONDS, values },
    loudnessLufs: -12,
  };
}

/** A song with all kinds of sections, one minute at 120 beats a minute unless told otherwise. */
export const wholeSong = (seconds = 64, tempo = 120) =>
  song({
    seconds,
    tempo,
    sections: [
      ['intro', 8, 0.2],
      ['verse', 16, 0.45],
      ['build', 8, 0.6],
      ['drop', 16, 0.95],
      ['break', 8, 0.35],
      ['outro', 8, 0.15],
    ],
  });

/** Clips unlike each other: `count` of them, each of three shots and about `seconds` long. */
export function variedClips(count: number, seconds = 12): FootageAnalysis[] {
  const spun = (i: number, step: number) => ((i * step) % 97) / 97;
  return Array.from({ length: count }, (_, i) =>
    footage(
      [0.3, 0.45, 0.25].map((share, j) => ({
        seconds: seconds * share,
        motion: spun(i * 3 + j, 31),
        sharpness: 0.3 + 0.5 * spun(i * 3 + j, 17),
        exposure: 0.3 + 0.4 * spun(i * 3 + j, 53),
        symmetry: spun(i * 3 + j, 71),
        spread: spun(i * 3 + j, 43),
        colour: [30 + 40 * spun(i, 53), 60 * spun(i, 29) - 30, 60 * spun(i, 67) - 30],
      })),
    ),
  );
}

export interface PlanShape {
  clips: readonly FootageAnalysis[];
  music: MusicAnalysis;
  style?: string;
  set?: StyleOverrides;
  seed?: number;
  durationSeconds?: number;
  wishes?: Record<string, object>;
}

/** Inputs of a plan for clips named clip00.mp4, clip01.mp4 … */
export function planInputs({ clips, music, style = 'dynamic', set = {}, ...order }: PlanShape): PlanInputs {
  return {
    request: JobRequestSchema.parse({ footageSet: 'holiday', style, set, ...order }),
    style: resolveStyle(style, [], set),
    clips: clips.map((analysis, i) => {
      const file = `clip${String(i).padStart(2, '0')}.mp4`;
      return { ref: { file, key: `holiday/${file}`, etag: i.toString(16).padStart(32, '0') }, analysis };
    }),
    music: { file: 'song.mp3', key: 'song.mp3', etag: 'f'.repeat(32), analysis: music },
    rejected: [],
    notes: [],
    upscaling: NOT_ASKED,
  };
}
