import { z } from 'zod';

/** Why a request was not answered as asked: `application/problem+json` (RFC 9457). */
export const ProblemSchema = z.object({
  title: z.string(),
  status: z.number().int(),
  /** One sentence for a person. */
  detail: z.string(),
});
