import { z } from 'zod';
import { BucketSchema, type Stage, StageSchema } from './keys.ts';
import { ClipRefSchema } from './timeline.ts';

/** `r<n>/clips.json`: what the job uses, written once, so that it never changes afterwards. */
export const ChosenSchema = z.object({
  clips: z.array(ClipRefSchema).min(1),
  music: z.object({ file: z.string(), key: z.string(), etag: z.string() }),
  /** How the music was chosen, when nobody named it. */
  notes: z.array(z.string()),
});
export type Chosen = z.infer<typeof ChosenSchema>;

/** Body of `requests/analyze-*`. The other stages' requests are a segment's spec (render) or empty (plan, assemble). */
export const AnalysisRequestSchema = z.object({ bucket: BucketSchema, key: z.string(), etag: z.string() });
export type AnalysisRequest = z.infer<typeof AnalysisRequestSchema>;

/** `failed-<k>.json`. */
export const FailureSchema = z.object({
  stage: z.union([StageSchema, z.literal('reconcile')]),
  /** One sentence for a person. */
  reason: z.string(),
  /** The file, segment or request that it was about. */
  item: z.string().optional(),
});
export type Failure = z.infer<typeof FailureSchema>;

/** `cache/leases/…`: who is at work, and until when unless renewed. */
export const LeaseSchema = z.object({
  holder: z.string(),
  expiresAt: z.iso.datetime(),
  /** Given back after a failure: anyone may take it at once, but it still says that the work isn't lost until it expires. */
  released: z.boolean().default(false),
});
export type Lease = z.infer<typeof LeaseSchema>;

export const JOB_STATES = [
  'waiting',
  'analysing',
  'planning',
  'rendering',
  'assembling',
  'done',
  'failed',
  'cancelled',
] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface RequestRef {
  stage: Stage;
  item: string;
  attempt: number;
}
