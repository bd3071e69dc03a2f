import { z } from 'zod';
import { FailureSchema, JOB_STATES, RejectionSchema } from './job.ts';

const count = z.number().int().nonnegative();

/** What a person is told of a job; every number comes from its objects. */
export const JobStatusSchema = z.object({
  id: z.string(),
  revision: z.number().int().positive(),
  state: z.enum(JOB_STATES),
  footageSet: z.string(),
  style: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** What only a person can bring, as a sentence; null while the job gets on by itself. */
  waitingFor: z.string().nullable().default(null),
  /** null until the job has a list of clips. */
  clips: z.object({ total: count, analysed: count, rejected: z.array(RejectionSchema) }).nullable(),
  music: z.object({ file: z.string(), analysed: z.boolean() }).nullable(),
  /** null until there is a timeline. */
  segments: z.object({ total: count, rendered: count, frames: count, renderedFrames: count }).nullable(),
  /** What is made larger; null until there is a timeline, and where nothing is. */
  upscaling: z.object({ total: count, upscaled: count, frames: count, upscaledFrames: count }).nullable().default(null),
  failure: FailureSchema.nullable(),
  /** The latest revision that is finished: an earlier one while a change of it is being made. */
  finishedRevision: z.number().int().positive().nullable().default(null),
  /** Names of its files, to be had at /v1/jobs/<id>/output/<name>. */
  outputs: z.array(z.string()),
});
export type JobStatus = z.infer<typeof JobStatusSchema>;

/**
 * Frames of what is being made now, and how many of them are there: of the rendering where that is all, of the upscaling when the
 * rendering is done. Before that nothing can be said: how long the rendering takes says nothing of the upscaling.
 */
export function madeSoFar({
  state,
  segments,
  upscaling,
}: Pick<JobStatus, 'state' | 'segments' | 'upscaling'>): { frames: number; madeFrames: number } | null {
  if (state === 'rendering' && segments && !upscaling)
    return { frames: segments.frames, madeFrames: segments.renderedFrames };
  if (state === 'upscaling' && upscaling) return { frames: upscaling.frames, madeFrames: upscaling.upscaledFrames };
  return null;
}
