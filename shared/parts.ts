/** A file that is sent in parts: where each begins and ends, so that all who deal with it cut it the same way. */

const MEBIBYTE = 2 ** 20;

/** The largest object that S3 knows, and the most parts it may have. */
export const MOST_BYTES = 5 * 2 ** 40;
export const MOST_PARTS = 10_000;

/** What a broken connection costs at most, as long as the file isn't larger than 64 GiB. */
const USUAL_PART_BYTES = 8 * MEBIBYTE;
/** Fewer than there may be, so that whole mebibytes suffice. */
const USUAL_PARTS = 8192;

/** A file of that size: how it is cut. */
export interface Cut {
  bytes: number;
  /** The size of all its parts but the last. */
  partBytes: number;
}

/** How large the parts of a file are; the same for the same size, since an object made of parts is known by them. */
export function partBytesFor(bytes: number): number {
  return Math.max(USUAL_PART_BYTES, Math.ceil(bytes / USUAL_PARTS / MEBIBYTE) * MEBIBYTE);
}

/** Whether a file is worth sending in parts: it has more than one. */
export const isWorthParts = (bytes: number): boolean => bytes > partBytesFor(bytes);

export const partCount = ({ bytes, partBytes }: Cut): number => Math.ceil(bytes / partBytes);

/** Numbers of all parts, from 1. */
export const partNumbers = (cut: Cut): number[] => Array.from({ length: partCount(cut) }, (_, i) => i + 1);

/** Where a part lies in its file: from byte `start` up to, but not including, `end`. */
export function rangeOfPart({ bytes, partBytes }: Cut, number: number): { start: number; end: number } {
  const start = (number - 1) * partBytes;
  return { start, end: Math.min(bytes, start + partBytes) };
}

/** How many bytes a part has. */
export function bytesOfPart(cut: Cut, number: number): number {
  const { start, end } = rangeOfPart(cut, number);
  return end - start;
}
