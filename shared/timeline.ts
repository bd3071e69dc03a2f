import { z } from 'zod';
import { FrameRateSchema } from './frame-rate.ts';
import { QualitySchema } from './request.ts';
import { LookNameSchema, StyleSchema } from './style.ts';
import { UpscaleSchema } from './super-resolution.ts';
import { WhySchema } from './why.ts';

const frame = z.number().int().nonnegative();
const frames = z.number().int().positive();

/** A cut played slower than this share of its speed looks like slow motion, which nobody asked for. */
export const SLOWEST_SPEED = 0.8;

/** A clip as it stood when the job took it. `file` is its path inside the set: what a person calls it. */
export const ClipRefSchema = z.object({
  file: z.string().min(1),
  key: z.string().min(1),
  etag: z.string().min(1),
});
export type ClipRef = z.infer<typeof ClipRefSchema>;

const SourceSchema = ClipRefSchema.extend({
  durationSeconds: z.number().positive(),
  frameRate: FrameRateSchema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  hasAudio: z.boolean(),
});
export type Source = z.infer<typeof SourceSchema>;

export const GradeSchema = z.object({
  look: LookNameSchema,
  intensity: z.number().min(0).max(1),
  vignette: z.number().min(0).max(1),
  grain: z.number().min(0).max(1),
  sharpen: z.number().min(0).max(2),
});
export type Grade = z.infer<typeof GradeSchema>;

/**
 * How a cut is entered. The cut itself stays where it is on the beat; the transition reaches `inFrames` before it and
 * `outFrames` after it, as OpenTimelineIO's in_offset and out_offset do.
 * crossfade: both pictures are seen, so the clip before plays on for `outFrames` and this one starts `inFrames` early.
 * dip_to_black, flash, whip_pan: the clip before goes out over `inFrames`, this one comes in over `outFrames`; nothing overlaps.
 */
const TransitionSchema = z.object({
  kind: z.enum(['crossfade', 'dip_to_black', 'flash', 'whip_pan']),
  inFrames: frame,
  outFrames: frame,
});
export type Transition = z.infer<typeof TransitionSchema>;

/** The stretch of a source that a moment lies in and may be moved in: its shot. Frames of the timeline's rate, `to` exclusive. */
const RoomSchema = z.object({ from: frame, to: frames });
export type Room = z.infer<typeof RoomSchema>;

/** Another moment that could stand in a cut's place, with how much it was wanted. */
const AlternativeSchema = z.object({
  file: z.string(),
  sourceFrame: frame,
  score: z.number(),
  room: RoomSchema.nullable().default(null),
});
export type Alternative = z.infer<typeof AlternativeSchema>;

const CutSchema = z.object({
  /** First frame on the timeline. */
  frame,
  /** Length on the timeline. */
  frames,
  /** Index into the timeline's `sources`. */
  source: z.number().int().nonnegative(),
  /** Where in the source it starts, counted in frames of the timeline's rate from the source's first picture. */
  sourceFrame: frame,
  /** How much of the source is played, in frames of the timeline's rate: fewer than `frames` is slow motion. */
  sourceFrames: frames,
  transition: TransitionSchema.nullable(),
  grade: GradeSchema,
  /** The beat it falls on, in seconds of the song, and how far off the frame is; null when it isn't on one. */
  beat: z.object({ time: z.number().nonnegative(), errorFrames: z.number().nonnegative() }).nullable(),
  /** The shot around it; null in timelines that were made before it was kept. */
  room: RoomSchema.nullable().default(null),
  /** Somebody wants it as it is: another style leaves it alone. */
  locked: z.boolean().default(false),
  /** Why this shot, and why here: one sentence made from the plan's own numbers. */
  reason: z.string().min(1),
  /** What the sentence says; null in timelines that were made before it was kept. */
  why: WhySchema.nullable().default(null),
  score: z.number(),
  alternatives: z.array(AlternativeSchema),
});
export type Cut = z.infer<typeof CutSchema>;

/** The edit: the value in the middle, that plan makes and render, assemble and the exports read. */
export const TimelineSchema = z
  .object({
    title: z.string(),
    frameRate: FrameRateSchema,
    width: z.number().int().positive().multipleOf(2),
    height: z.number().int().positive().multipleOf(2),
    frames,
    quality: QualitySchema,
    /** How what is smaller than the picture becomes as large; null where it is only stretched. */
    upscale: UpscaleSchema.nullable().default(null),
    seed: z.number().int(),
    style: StyleSchema,
    sources: z.array(SourceSchema).min(1),
    cuts: z.array(CutSchema).min(1),
    music: z.object({
      file: z.string(),
      key: z.string(),
      etag: z.string(),
      durationSeconds: z.number().positive(),
      /** Where in the song the montage starts, in frames of the timeline's rate. */
      sourceFrame: frame,
      /** Length of the fade at the end. */
      fadeOutFrames: frame,
    }),
    /** Where a cut falls on the beat, in seconds of the song: every pulse of it, heard or going on. */
    beats: z.array(z.number().nonnegative()).default([]),
    /** Sections of the song as markers. */
    markers: z.array(z.object({ frame, label: z.string() })),
    /** Said to the user: what the plan had to decide by itself. */
    notes: z.array(z.string()),
    rejected: z.array(z.object({ file: z.string(), reason: z.string() })),
  })
  .refine(
    ({ cuts, frames: total }) =>
      cuts.every((cut, i) => cut.frame === (i === 0 ? 0 : (cuts[i - 1] as Cut).frame + (cuts[i - 1] as Cut).frames)) &&
      (cuts.at(-1) as Cut).frame + (cuts.at(-1) as Cut).frames === total,
    'cuts must follow one another from frame 0 to the end without a gap',
  )
  .refine(
    ({ upscale, width, height }) => !upscale || [width, height].every((side) => side % (2 * upscale.scale) === 0),
    'a picture that is upscaled must be a whole number of times as large as an even one',
  );
export type Timeline = z.infer<typeof TimelineSchema>;
