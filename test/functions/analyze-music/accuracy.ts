/**
 * How well found times match true ones: each is matched at most once, within a tolerance.
 * `f` is the F-measure, `medianError` the middle of the absolute errors of those that match.
 */
export function accuracy(
  found: readonly number[],
  truth: readonly number[],
  tolerance = 0.07,
): { f: number; medianError: number } {
  const errors: number[] = [];
  let [i, j] = [0, 0];
  while (i < found.length && j < truth.length) {
    const off = (found[i] as number) - (truth[j] as number);
    if (Math.abs(off) <= tolerance) {
      errors.push(Math.abs(off));
      i++;
      j++;
    } else if (off < 0) i++;
    else j++;
  }
  errors.sort((a, b) => a - b);
  const f = found.length + truth.length > 0 ? (2 * errors.length) / (found.length + truth.length) : 1;
  return { f, medianError: errors[Math.floor(errors.length / 2)] ?? Number.POSITIVE_INFINITY };
}
