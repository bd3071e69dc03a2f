/** Knowing a file again without reading all of it. */

const SAMPLE_BYTES = 2 ** 20;

/**
 * Where to look at a file of that size: its first, middle and last mebibyte, each from byte `start` up to, but not including, `end`;
 * all of a small one. Its content id is the SHA-256, in hex, of `sampleHead` and these, one after the other.
 */
export function samplesOf(bytes: number): { start: number; end: number }[] {
  if (bytes <= 3 * SAMPLE_BYTES) return [{ start: 0, end: bytes }];
  const starts = [0, Math.floor((bytes - SAMPLE_BYTES) / 2), bytes - SAMPLE_BYTES];
  return starts.map((start) => ({ start, end: start + SAMPLE_BYTES }));
}

/** What comes before the samples: two files of different size are different, whatever they begin with. */
export const sampleHead = (bytes: number): string => `${bytes}\n`;
