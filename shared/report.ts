import { z } from 'zod';
import { FrameRateSchema } from './frame-rate.ts';

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
  rejected: z.array(z.object({ file: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
  /** Wall-clock seconds from one stage's last object to the next one's. */
  timings: z.object({
    analysisSeconds: seconds,
    planSeconds: seconds,
    renderSeconds: seconds,
    assembleSeconds: seconds,
    totalSeconds: seconds,
  }),
});
export type Report = z.infer<typeof ReportSchema>;
