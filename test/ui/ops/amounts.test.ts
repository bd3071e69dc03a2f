import { describe, expect, it } from 'vitest';
import { ageIn, bytesIn, secondsIn } from '../../../functions/ui/page/ops/amounts.ts';

describe('amounts', () => {
  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [150 * 1024, '150 KiB'],
    [1024 ** 2 - 1, '1 MiB'],
    [1.25 * 1024 ** 3, '1.3 GiB'],
    [5000 * 1024 ** 4, '5,000 TiB'],
  ])('of %d bytes are %s', (bytes, said) => {
    expect(bytesIn(bytes, 'en-GB')).toBe(said);
  });

  it.each([
    [0, '0 sec'],
    [119.9, '119 sec'],
    [120, '2 min'],
    [3600, '60 min'],
    [7200, '2 hr'],
    [3 * 86_400, '3 days'],
  ])('of %d s are %s', (seconds, said) => {
    expect(ageIn(seconds, 'en-US')).toBe(said);
  });

  it('are written as where the person lives', () => {
    expect(bytesIn(1536, 'de-DE')).toBe('1,5 KiB');
    expect(ageIn(5, 'de-DE')).toBe('5 Sek.');
    expect(secondsIn(0.44, 'de-DE')).toBe('0,4 Sek.');
  });
});
