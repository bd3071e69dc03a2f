import { z } from 'zod';
import { MOST_BYTES, MOST_PARTS } from '../parts.ts';

const SHA256 = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in lower-case hex');

/** What a file is known by: its size, and the SHA-256 of that and its first, middle and last mebibyte (`shared/content-id.ts`). */
export const content = { bytes: z.coerce.number().int().nonnegative().max(MOST_BYTES), content: SHA256 };

export const PartNumberSchema = z.number().int().min(1).max(MOST_PARTS);

/** An upload in parts that is under way. */
export const PartUploadSchema = z.object({
  upload: z.string(),
  bucket: z.enum(['input', 'music']),
  key: z.string(),
  bytes: z.number().int().positive(),
  /** The size of every part but the last. Part 1 begins at the file's first byte. */
  partBytes: z.number().int().positive(),
  /** Those that have arrived, by number. */
  parts: z.array(z.object({ number: PartNumberSchema, bytes: z.number().int().positive(), sha256: SHA256 })),
});
export type PartUpload = z.infer<typeof PartUploadSchema>;
