/**
 * Input or use that can't be worked with, said in one sentence to a person: what is wrong, with which file, what to do.
 *
 * A refusal is final: trying again gives the same. Anything else that is thrown may pass and is tried again.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The one sentence of any thrown value, for a person: first line only, never a stack. */
export function sentenceOf(error: unknown): string {
  // A `SuppressedError`: what failed first explains what failed in clearing up after it.
  if (error instanceof Error && 'suppressed' in error) return sentenceOf(error.suppressed);
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0]?.trim() || 'Something failed without saying why';
}
