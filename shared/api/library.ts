import { z } from 'zod';
import { FrameRateSchema } from '../frame-rate.ts';

const bytes = z.number().int().nonnegative();
const file = { key: z.string(), file: z.string(), etag: z.string(), bytes, addedAt: z.iso.datetime() };

/** A folder of footage that belongs together. */
export const FootageSetSchema = z.object({
  name: z.string(),
  clips: z.number().int().positive(),
  bytes,
  changedAt: z.iso.datetime(),
});
export type FootageSet = z.infer<typeof FootageSetSchema>;

/** Nothing yet, why it can't be used, or what there is to say of it. */
const found = <Ready extends z.ZodRawShape>(ready: Ready) =>
  z.discriminatedUnion('state', [
    z.object({ state: z.literal('pending') }),
    z.object({ state: z.literal('rejected'), reason: z.string() }),
    z.object({ state: z.literal('ready'), ...ready }),
  ]);

/** A clip of a set, and as much of what was found in it as a list shows. The whole is its analysis. */
export const ClipSchema = z.object({
  ...file,
  found: found({
    durationSeconds: z.number().positive(),
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    frameRate: FrameRateSchema,
    hasAudio: z.boolean(),
    shots: z.number().int().positive(),
  }),
});
export type Clip = z.infer<typeof ClipSchema>;

/** A song, likewise. */
export const SongSchema = z.object({
  ...file,
  found: found({
    durationSeconds: z.number().positive(),
    /** Beats a minute; 0 when the music has no pulse. */
    tempo: z.number().nonnegative(),
    sections: z.number().int().positive(),
  }),
});
export type Song = z.infer<typeof SongSchema>;
