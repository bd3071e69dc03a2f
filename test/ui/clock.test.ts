import { describe, expect, it } from 'vitest';
import { clock, exactClock, secondsIn } from '../../functions/ui/page/clock.ts';

describe('times on the page', () => {
  it('are said in minutes and seconds, and hours where there are any', () => {
    expect([0, 9.4, 59.6, 124, 3729].map(clock)).toEqual(['0:00', '0:09', '1:00', '2:04', '1:02:09']);
  });

  it('are exact to the millisecond for editors', () => {
    expect([0, 12.48, 59.9996, 3600.5].map(exactClock)).toEqual(['0:00.000', '0:12.480', '1:00.000', '1:00:00.500']);
  });

  it('are read as people type them', () => {
    expect(['30', ' 1:30 ', '0:05', '2:03.5', '1,5', '90.25'].map(secondsIn)).toEqual([30, 90, 5, 123.5, 1.5, 90.25]);
    expect(['', 'soon', '1:2:3', '-4', '1:', ':30', '1:234', '1e3'].map(secondsIn)).toEqual(Array(8).fill(null));
  });
});
