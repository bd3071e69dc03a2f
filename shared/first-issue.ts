import type { ZodError } from 'zod';

/** The first thing that is wrong with a value, in words, after the path to it where there is one. */
export function firstIssue(error: ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.join('.');
  return path ? `${path}: ${issue?.message}` : (issue?.message ?? 'It is not as it should be');
}
