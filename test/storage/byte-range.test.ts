import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeIn } from '../../storage/byte-range.ts';

describe('a range', () => {
  it('lies within the resource, whatever is asked for', () => {
    const number = fc.oneof(fc.constant(''), fc.nat(300).map(String));
    fc.assert(
      fc.property(number, number, fc.nat(200), (from, to, size) => {
        const range = rangeIn(`bytes=${from}-${to}`, size);
        if (range === null || range === 'unsatisfiable') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });

  it('of several parts, of another unit, or backwards is all of it', () => {
    for (const header of [undefined, 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'bytes=5-2', 'nonsense'])
      expect(rangeIn(header, 10)).toBeNull();
  });

  it('beyond the end can not be given', () => {
    expect(rangeIn('bytes=10-', 10)).toBe('unsatisfiable');
    expect(rangeIn('bytes=-0', 10)).toBe('unsatisfiable');
    expect(rangeIn('bytes=0-', 0)).toBe('unsatisfiable');
  });
});
