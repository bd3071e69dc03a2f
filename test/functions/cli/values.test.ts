import { describe, expect, it } from 'vitest';
import {
  duration,
  hours,
  LIMITS,
  montageScale,
  port,
  revision,
  seed,
  stretch,
  title,
} from '../../../functions/cli/values.ts';

describe('what an option says', () => {
  it('is a length in seconds, or in minutes and seconds as a clock shows them', () => {
    expect(['30', '1:30', '0:05', '1:05.5', '60:00', '1'].map(duration)).toEqual([30, 90, 5, 65.5, 3600, 1]);
  });

  it.each(['1:75', '0.5', '3601', '60:01', '0', '', '-3', '1:', ':30', '1e3', 'long'])('is no length: %j', (text) => {
    expect(() => duration(text)).toThrow(/^It must be seconds, .*1 to 3600 seconds\.$/);
  });

  it('is a seed or a port within its limits', () => {
    expect([seed('0'), seed('2147483647'), port('0'), port('65535')]).toEqual([0, 2147483647, 0, 65535]);
    for (const text of ['2147483648', '99999999999999999999', '-1', '1.5', 'one'])
      expect(() => seed(text)).toThrow('It must be a whole number, 0 to 2147483647.');
    for (const text of ['65536', '99999', 'http'])
      expect(() => port(text)).toThrow('It must be a whole number, 0 to 65535.');
  });

  it('is for how long a link lasts, or a version', () => {
    expect([hours('1'), hours('8760'), revision('1')]).toEqual([1, 8760, 1]);
    for (const text of ['0', '8761', '1.5', '', 'a week']) expect(() => hours(text)).toThrow('whole hours, 1 to 8760.');
    for (const text of ['0', '', '-1', 'r1']) expect(() => revision(text)).toThrow('the number of a version');
  });

  it('is how many times as large a montage becomes', () => {
    expect(['2', '3', '4'].map(montageScale)).toEqual([2, 3, 4]);
    for (const text of ['1', '8', '2.5', '', 'two']) expect(() => montageScale(text)).toThrow('one of 2, 3, 4.');
  });

  it('is a part of a clip', () => {
    const said = ['day 1=a-b.mp4=0:12-0:20', 'b.mp4=12.5-', 'c.mp4=-1:00'].reduce<
      ReturnType<typeof stretch> | undefined
    >((before, text) => stretch(text, before), undefined);
    expect(said).toEqual([
      { clip: 'day 1=a-b.mp4', fromSeconds: 12, toSeconds: 20 },
      { clip: 'b.mp4', fromSeconds: 12.5 },
      { clip: 'c.mp4', toSeconds: 60 },
    ]);
  });

  it.each(['a.mp4', 'a.mp4=', 'a.mp4=-', 'a.mp4=20-12', 'a.mp4=x-3', '=1-2', 'a.mp4=5'])(
    'is no part of a clip: %j',
    (text) => {
      expect(() => stretch(text, undefined)).toThrow(/^It must be like beach\.mp4=0:12-0:20/);
    },
  );

  it('is a title of some length', () => {
    expect(title('Summer')).toBe('Summer');
    expect(() => title('x'.repeat(201))).toThrow(LIMITS.title);
  });
});
