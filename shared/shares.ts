import { z } from 'zod';

/** For how long a link leads to its montage, in hours. */
export const SHARE_HOURS = { usual: 168, most: 8760 } as const;

/** What of a montage a link leads to: files of its outputs. */
export const SHARED_FILES = ['montage.mp4', 'poster.jpg'] as const;
export const SharedFileSchema = z.enum(SHARED_FILES);
export type SharedFile = z.infer<typeof SharedFileSchema>;

/** Body of `POST /v1/jobs/{job}/shares`. */
export const NewShareSchema = z.strictObject({
  /** The latest finished one where it isn't said. */
  revision: z.number().int().positive().max(99_999).optional(),
  expiresInHours: z.number().int().min(1).max(SHARE_HOURS.most).default(SHARE_HOURS.usual),
});

/** What is said of a montage to whoever has a link to it: nothing of what it was made from. */
const MontageSchema = z.object({
  /** null where it was given none. */
  title: z.string().nullable(),
  durationSeconds: z.number().nonnegative(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  madeAt: z.iso.datetime(),
});

/** `_shares/made/<job>/<id>.json`: a link to one revision of a job, written once. */
export const ShareSchema = z.object({
  id: z.string(),
  job: z.string(),
  revision: z.number().int().positive(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** SHA-256 of the token, in hex. */
  link: z.string().regex(/^[0-9a-f]{64}$/),
  /** What makes the token together with the name of the request for it, which is noted nowhere; hex. */
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  files: z.array(SharedFileSchema),
  montage: MontageSchema,
});
export type Share = z.infer<typeof ShareSchema>;

/** `_shares/links/<SHA-256 of the token>.json`: which share a link is of. */
export const LinkSchema = z.object({ job: z.string(), share: z.string() });
export type Link = z.infer<typeof LinkSchema>;

/** As it is shown after it was made. */
export const ShownShareSchema = ShareSchema.pick({ id: true, revision: true, createdAt: true, expiresAt: true });
export type ShownShare = z.infer<typeof ShownShareSchema>;

/** As it is answered when it is made. */
export const MadeShareSchema = ShownShareSchema.extend({
  token: z.string(),
  /** Of the page that shows it, below Montage's own address. */
  path: z.string(),
});
export type MadeShare = z.infer<typeof MadeShareSchema>;

/** What whoever has a link gets to see. */
export const SharedMontageSchema = MontageSchema.extend({
  expiresAt: z.iso.datetime(),
  /** Paths that lead to the files by redirect. */
  video: z.string(),
  /** To the video, to be saved under its title. */
  download: z.string(),
  poster: z.string().nullable(),
});
export type SharedMontage = z.infer<typeof SharedMontageSchema>;
