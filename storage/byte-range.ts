/** Bytes `start` to `end`, both inclusive. */
interface ByteRange {
  start: number;
  end: number;
}

/**
 * The part of a resource of `size` bytes that a Range header asks for: null for all of it, "unsatisfiable" when it lies
 * beyond the end. Several ranges, other units and nonsense are answered with all of it, as RFC 9110, 14.2 allows.
 */
export function rangeIn(header: string | undefined, size: number): ByteRange | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (match[1] === '') {
    const length = Math.min(Number(match[2]), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < start) return null;
  return start >= size ? 'unsatisfiable' : { start, end };
}
