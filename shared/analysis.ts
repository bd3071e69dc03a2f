import { z } from 'zod';
import { FrameRateSchema } from './frame-rate.ts';

/** Raised when the same clip would give other numbers: analyses of older versions are made again. */
export const FOOTAGE_ANALYSER_VERSION = 1;
export const MUSIC_ANALYSER_VERSION = 1;

const unit = z.number().min(0).max(1);
const seconds = z.number().nonnegative();

/** One uninterrupted take inside a clip. Frames count at the clip's own constant `frameRate` from its first picture. */
const ShotSchema = z.object({
  startFrame: z.number().int().nonnegative(),
  /** Exclusive. */
  endFrame: z.number().int().positive(),
  startSeconds: seconds,
  endSeconds: seconds,
  /** How the shot begins: at the clip's start, at a hard cut, or out of a dissolve or fade. */
  opens: z.enum(['start', 'cut', 'gradual']),
  /** Mean change between frames, 0 (still) to 1 (everything changes). */
  motion: unit,
  /** Mean edge strength, 0 (blurred) to 1 (crisp). */
  sharpness: unit,
  /** Mean luma, 0 (black) to 1 (white). */
  exposure: unit,
  /** Share of pixels that are clipped to black or white. */
  clipped: unit,
  /** Left-right mirror likeness, 0 to 1. */
  symmetry: unit,
  /** How evenly fine detail covers the frame: near 1 for a wide view, lower for a single subject. */
  spread: unit,
  /** Mean colour in CIE L*a*b*, L 0–100, a and b about −100–100. */
  colour: z.tuple([z.number(), z.number(), z.number()]),
  /** Integrated loudness of the clip's own sound, or null where it is silent or has none. */
  loudnessLufs: z.number().nullable(),
});
export type Shot = z.infer<typeof ShotSchema>;

export const FootageAnalysisSchema = z.object({
  kind: z.literal('footage'),
  durationSeconds: z.number().positive(),
  /** Nominal constant rate; a clip of variable rate is looked at as if resampled to this one. */
  frameRate: FrameRateSchema,
  /** As shown: after rotation and pixel aspect. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  hasAudio: z.boolean(),
  shots: z.array(ShotSchema).min(1),
  /** The clip over time, one value a hop. */
  curves: z.object({
    hopSeconds: z.number().positive(),
    motion: z.array(unit),
    sharpness: z.array(unit),
    exposure: z.array(unit),
  }),
});
export type FootageAnalysis = z.infer<typeof FootageAnalysisSchema>;

export const SECTION_LABELS = ['intro', 'verse', 'build', 'drop', 'break', 'outro'] as const;

export const MusicAnalysisSchema = z.object({
  kind: z.literal('music'),
  durationSeconds: z.number().positive(),
  /** Beats a minute; 0 when the music has no pulse. */
  tempo: z.number().nonnegative(),
  beats: z.array(z.object({ time: seconds, downbeat: z.boolean(), confidence: unit })),
  sections: z.array(z.object({ start: seconds, end: seconds, label: z.enum(SECTION_LABELS), energy: unit })).min(1),
  energy: z.object({ hopSeconds: z.number().positive(), values: z.array(unit) }),
  /** Integrated loudness by EBU R 128. */
  loudnessLufs: z.number(),
});
export type MusicAnalysis = z.infer<typeof MusicAnalysisSchema>;

/** A file that can't be worked with: a sentence about what is wrong and what to do, without the file's name. */
const RejectedSchema = z.object({ kind: z.literal('rejected'), reason: z.string().min(1) });

export const FootageResultSchema = z.discriminatedUnion('kind', [FootageAnalysisSchema, RejectedSchema]);
export type FootageResult = z.infer<typeof FootageResultSchema>;
export const MusicResultSchema = z.discriminatedUnion('kind', [MusicAnalysisSchema, RejectedSchema]);
export type MusicResult = z.infer<typeof MusicResultSchema>;
