import { z } from 'zod';
import { UpscaleSchema } from './super-resolution.ts';

export const FORMATS = ['landscape', 'vertical', 'square', 'source'] as const;
export const QUALITIES = ['preview', 'standard', 'high', 'master'] as const;
const FormatSchema = z.enum(FORMATS);
export const QualitySchema = z.enum(QUALITIES);
export type Format = z.infer<typeof FormatSchema>;
export type Quality = z.infer<typeof QualitySchema>;

/** What an order is that says nothing of it. */
export const USUAL_ORDER = { style: 'dynamic', quality: 'standard', seed: 1 } as const;
/** What bounds an order. */
export const ORDER_LIMITS = {
  leastSeconds: 1,
  mostSeconds: 3600,
  titleLength: 200,
  mostSeed: 2 ** 31 - 1,
  clips: 5000,
} as const;

const isPlain = (part: string) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0');

/** A set is one folder of the input bucket. */
export const SetNameSchema = z
  .string()
  .max(255)
  .refine((name) => isPlain(name) && !name.includes('/'), 'a set is named by one folder, without "/", "." or ".."');

/** A key of the input bucket: the set and the clip's path in it. */
const ClipKeySchema = z
  .string()
  .max(1024)
  .refine((key) => key.split('/').every(isPlain), 'a path has no empty part, "." or ".."')
  .refine((key) => key.includes('/'), 'a clip is named <set>/<file>');

/** What is wanted of one clip. */
const ClipWishSchema = z
  .strictObject({
    /** must: it is seen, however little the style would have of it; never: it isn't used. */
    use: z.enum(['may', 'must', 'never']).default('may'),
    /** The only stretch of it that may be shown, in seconds from its first picture. Default: from its start to its end. */
    fromSeconds: z.number().min(0).optional(),
    toSeconds: z.number().positive().optional(),
  })
  .refine(({ fromSeconds = 0, toSeconds = Number.POSITIVE_INFINITY }) => fromSeconds < toSeconds, {
    message: 'a stretch ends after it starts',
    path: ['toSeconds'],
  });
export type ClipWish = z.infer<typeof ClipWishSchema>;

/** What a person may say of a montage. Everything has a default, so an empty order is a whole one. */
export const OrderSchema = z.strictObject({
  /** Id of a style, built in or in the input bucket's `styles/`. */
  style: z.string().min(1).max(41).default(USUAL_ORDER.style),
  /** Single fields of the style set otherwise, as dotted paths: {"pacing.speed": "fast"}. */
  set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  /** Key in the music bucket, or part of a track's name; without it the track that fits best is taken. */
  music: z.string().min(1).max(1024).optional(),
  /** Clips to use; without them the whole set once nothing new has arrived in it for a while. */
  clips: z.array(ClipKeySchema).min(1).max(ORDER_LIMITS.clips).optional(),
  /** What is wanted of single clips, by key; without a word any part of a clip may be used. */
  wishes: z.record(ClipKeySchema, ClipWishSchema).default({}),
  /** Length of the montage; without it the music's own. */
  durationSeconds: z.number().min(ORDER_LIMITS.leastSeconds).max(ORDER_LIMITS.mostSeconds).optional(),
  /** Shape of the picture; without it landscape or vertical, as most of the footage is. */
  format: FormatSchema.optional(),
  quality: QualitySchema.default(USUAL_ORDER.quality),
  /**
   * Has pictures that are smaller than the montage made larger by super-resolution. The montage is `scale` times as wide and high as
   * its quality or its clips say; a master keeps its 3840×2160. null: they are not. Without it a master's are, where there is a GPU.
   */
  upscale: UpscaleSchema.nullable().optional(),
  /** The same clips, music, style and seed give the same montage. */
  seed: z.number().int().min(0).max(ORDER_LIMITS.mostSeed).default(USUAL_ORDER.seed),
  title: z.string().max(ORDER_LIMITS.titleLength).optional(),
});
export type Order = z.infer<typeof OrderSchema>;

/** `jobs/<job>/request.json`: an order and the set it is for. Written once. */
export const JobRequestSchema = OrderSchema.extend({
  footageSet: SetNameSchema,
  /** What the order was called; a track of that name is its music when it names none. */
  name: z.string().max(255).optional(),
  /** It came as a file dropped by hand, so what it names may still be being copied. */
  dropped: z.boolean().default(false),
});
export type JobRequest = z.infer<typeof JobRequestSchema>;
