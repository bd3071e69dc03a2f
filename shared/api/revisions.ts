import { z } from 'zod';
import { ChangeSchema } from '../edits/change.ts';

/** A revision of a job, in a list. */
export const RevisionSchema = z.object({
  revision: z.number().int().positive(),
  /** The one that it starts from; null for the first. */
  from: z.number().int().positive().nullable(),
  changes: z.array(ChangeSchema),
  createdAt: z.iso.datetime(),
  /** There is a timeline of it. */
  planned: z.boolean(),
  /** Its montage can be had. */
  finished: z.boolean(),
});
export type Revision = z.infer<typeof RevisionSchema>;

/** A piece of a planned montage's picture. */
export const SegmentSchema = z.object({
  hash: z.string(),
  /** Where it starts in the montage and how long it is, in frames of the timeline's rate. It may start before its cut does, with a dissolve. */
  frame: z.number().int().nonnegative(),
  frames: z.number().int().positive(),
  /** It can be seen, whichever revision or job it was rendered for. */
  rendered: z.boolean(),
});
export type Segment = z.infer<typeof SegmentSchema>;
