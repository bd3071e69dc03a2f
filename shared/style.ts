import { z } from 'zod';

/** Looks the renderer knows; `none` leaves the picture untouched. */
export const LOOKS = [
  'none',
  'neutral',
  'natural',
  'warm',
  'cool',
  'golden_hour',
  'blue_hour',
  'teal_orange',
  'cinematic',
  'blockbuster',
  'vibrant',
  'desaturated',
  'high_contrast',
  'filmic_warm',
  'vintage',
  'noir',
  'documentary',
] as const;
export const LookNameSchema = z.enum(LOOKS);
export type LookName = z.infer<typeof LookNameSchema>;

const SPEEDS = ['very_slow', 'slow', 'medium', 'fast', 'very_fast', 'extreme', 'dynamic'] as const;
const VARIATIONS = ['minimal', 'moderate', 'high', 'fibonacci', 'ramp_up', 'crescendo', 'chaotic'] as const;
const ARCS = [
  'hero_journey',
  'three_act',
  'slow_burn',
  'documentary',
  'mtv_energy',
  'fichtean_curve',
  'linear_build',
  'constant',
] as const;
const VARIETIES = ['minimal', 'low', 'medium', 'high', 'maximum'] as const;

const unit = z.number().min(0).max(1);
const weight = z.number().min(0).max(3);

/** How fast the cuts come. */
const PacingSchema = z.strictObject({
  /** Beats a cut before energy and arc move it; `dynamic` follows the music's sections. */
  speed: z.enum(SPEEDS),
  /** Bounds of a cut's length in beats, 0.5 to 64; null leaves the speed's own. */
  beatsPerCut: z
    .strictObject({ min: z.number().min(0.5).max(64), max: z.number().min(0.5).max(64) })
    .refine(({ min, max }) => min <= max, 'min must not be above max')
    .nullable(),
  /** How lengths differ from cut to cut. */
  variation: z.enum(VARIATIONS),
  /** Beats that the first shot is held, 0 to 64. */
  introBeats: z.number().int().min(0).max(64),
  /** Beats that the last shot is held, 0 to 64. */
  outroBeats: z.number().int().min(0).max(64),
  /** How much faster the peak cuts, 0 (not) to 1.3. */
  climax: z.number().min(0).max(1.3),
  /** How strongly the music's energy moves the pace, 0 (not) to 3. */
  energyGain: z.number().min(0).max(3),
  /** true: every cut on a beat; false: cuts may sit between beats, near phrase ends. */
  syncToBeats: z.boolean(),
});

/** Tension over the montage: a preset's name or points [position 0–1, tension 0–1], positions rising. */
const ArcSchema = z.union([
  z.enum(ARCS),
  z
    .array(z.tuple([unit, unit]))
    .min(2)
    .max(20)
    .refine((points) => points.every(([at], i) => i === 0 || at > (points[i - 1]?.[0] ?? 0)), 'positions must rise'),
]);

/** What makes a shot wanted: weights 0 (ignored) to 3. */
const ShotTasteSchema = z.strictObject({
  wide: weight,
  action: weight,
  symmetry: weight,
  /** Clips and shots not seen yet. */
  freshness: weight,
  /** Neighbours alike in colour and exposure. */
  continuity: weight,
  /** Neighbours alike in motion. */
  matchCuts: weight,
  /** How far apart cuts from one clip are kept. */
  variety: z.enum(VARIETIES),
  /** Bounds of a cut's length in seconds. */
  minClipSeconds: z.number().min(0.1).max(60),
  maxClipSeconds: z.number().min(0.5).max(120),
  /** How many cuts one shot may give, 1 to 100. */
  maxReuse: z.number().int().min(1).max(100),
});

const TransitionTasteSchema = z.strictObject({
  /** `energy_aware` dissolves where the music is calm and cuts where it is loud; `mixed` does either by seed. */
  type: z.enum(['cut', 'crossfade', 'energy_aware', 'mixed']),
  /** Length of a crossfade, 0 to 4. */
  seconds: z.number().min(0).max(4),
  /** Share of cuts, 0 to 1, that become one of these instead. */
  dipToBlack: unit,
  flash: unit,
  whipPan: unit,
});

const LookTasteSchema = z.strictObject({
  /** One look, or a sequence spread over the montage. */
  grade: z.union([LookNameSchema, z.array(LookNameSchema).min(1).max(12)]),
  /** 0 untouched to 1 full. */
  intensity: unit,
  /** 0 none to 1 strong. */
  vignette: unit,
  grain: unit,
  /** 0 none to 2 strong; 1 is a moderate unsharp mask. */
  sharpen: z.number().min(0).max(2),
});

const SoundTasteSchema = z.strictObject({
  /** What is heard of the clips: nothing, quietly under the music, or above it. */
  sourceAudio: z.enum(['mute', 'ambient', 'dialogue']),
  /** How far the music steps back while clips are loud, 0 to 24 dB. */
  duckDb: z.number().min(0).max(24),
  /** Level of the music against the clips, −24 to 12 dB; of no effect when clips are muted. */
  musicGainDb: z.number().min(-24).max(12),
  /** Integrated loudness of the montage, −30 to −9. */
  targetLufs: z.number().min(-30).max(-9),
  /** Ceiling of the true peak, −9 to 0. */
  truePeakDb: z.number().min(-9).max(0),
});

/** A style: everything in it changes the result. Unknown fields are refused. */
export const StyleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,40}$/),
  name: z.string().min(1).max(60),
  description: z.string().min(1).max(300),
  mood: z.string().min(1).max(60),
  pacing: PacingSchema,
  arc: ArcSchema,
  shots: ShotTasteSchema.refine(
    (shots) => shots.minClipSeconds <= shots.maxClipSeconds,
    'minClipSeconds must not be above maxClipSeconds',
  ),
  transitions: TransitionTasteSchema,
  look: LookTasteSchema,
  sound: SoundTasteSchema,
});
export type Style = z.infer<typeof StyleSchema>;
