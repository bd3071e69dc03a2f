import { z } from 'zod';
import { FrameRateSchema } from './frame-rate.ts';
import { MontageScaleSchema, UpscaleSchema } from './super-resolution.ts';

const seconds = z.number().nonnegative();

/** `output/<job>/r<n>/report.json`: what was made, from what, and why. */
export const ReportSchema = z.object({
  job: z.string(),
  style: z.string(),
  seed: z.number().int(),
  output: z.object({
    width: z.number().int(),
    height: z.number().int(),
    frameRate: FrameRateSchema,
    frames: z.number().int(),
    durationSeconds: seconds,
    /** Measured on the finished file. */
    loudness: z.object({ integratedLufs: z.number(), truePeakDb: z.number() }),
  }),
  music: z.object({ file: z.string() }),
  cuts: z.array(
    z.object({
      frame: z.number().int(),
      /** When the cut is seen, on the montage's clock. */
      time: seconds,
      source: z.string(),
      sourceStart: seconds,
      sourceEnd: seconds,
      reason: z.string(),
      beat: z.object({ time: seconds, errorFrames: seconds }).nullable(),
    }),
  ),
  /** How pictures became larger; null where none did. */
  upscaling: UpscaleSchema.pick({ model: true })
    .extend({
      /** The largest first: clips that have more pixels are made larger by less than was ordered. */
      scales: z.array(MontageScaleSchema),
      /** What computed, and how many pieces each. */
      devices: z.array(z.object({ name: z.string(), pieces: z.number().int() })),
      pieces: z.number().int(),
      /** Cuts whose clips had about as many pixels already. */
      sharpCuts: z.number().int(),
    })
    .nullable()
    .default(null),
  rejected: z.array(z.object({ file: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
  /** Wall-clock seconds from one stage's last object to the next one's. */
  timings: z.object({
    analysisSeconds: seconds,
    planSeconds: seconds,
    renderSeconds: seconds,
    /** From the last segment that was rendered. */
    upscaleSeconds: seconds.default(0),
    assembleSeconds: seconds,
    totalSeconds: seconds,
  }),
});
export type Report = z.infer<typeof ReportSchema>;
