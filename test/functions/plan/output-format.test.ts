import { describe, expect, it } from 'vitest';
import { outputFormat } from '../../../functions/plan/output-format.ts';
import type { FrameRate } from '../../../shared/frame-rate.ts';

const clip = (frameRate: FrameRate, durationSeconds = 10, [width, height] = [1920, 1080]) => ({
  frameRate,
  durationSeconds,
  width,
  height,
});
const rateOf = (...clips: ReturnType<typeof clip>[]) => outputFormat(clips, undefined, 'standard').frameRate;
const sizeOf = (...given: Parameters<typeof outputFormat>) => {
  const { width, height } = outputFormat(...given);
  return [width, height];
};

describe('the frame rate of a montage', () => {
  it.each([
    ['24/1', '24/1'],
    ['24000/1001', '24000/1001'],
    ['30000/1001', '30000/1001'],
    ['60/1', '60/1'],
    ['25/2', '25/1'],
    ['15/1', '30/1'],
    ['10/1', '30/1'],
    ['120/1', '60/1'],
    ['120000/1001', '60000/1001'],
    ['100/1', '50/1'],
    ['240/1', '60/1'],
    ['2917/100', '30000/1001'],
  ] as const)('of clips at %s is %s', (own, output) => {
    expect(rateOf(clip(own))).toBe(output);
  });

  it('is the one that most seconds of the footage have', () => {
    expect(rateOf(clip('24/1', 10), clip('24/1', 10), clip('30/1', 19))).toBe('24/1');
    expect(rateOf(clip('24/1', 10), clip('30/1', 19))).toBe('30/1');
    expect(rateOf(clip('25/2', 30), clip('24/1', 20), clip('25/1', 5))).toBe('25/1');
  });
});

describe('the size of a montage', () => {
  const wide = clip('25/1', 10);
  const tall = clip('25/1', 11, [1080, 1920]);

  it('follows the quality and the format', () => {
    expect(sizeOf([wide], 'landscape', 'standard')).toEqual([1920, 1080]);
    expect(sizeOf([wide], 'vertical', 'high')).toEqual([1080, 1920]);
    expect(sizeOf([wide], 'square', 'preview')).toEqual([360, 360]);
    expect(sizeOf([wide], 'landscape', 'master')).toEqual([3840, 2160]);
  });

  it('without a format is landscape or vertical, as most of the footage', () => {
    expect(sizeOf([wide, tall], undefined, 'standard')).toEqual([1080, 1920]);
    expect(sizeOf([wide, wide, tall], undefined, 'standard')).toEqual([1920, 1080]);
  });

  it('as the footage is the commonest size, made even; a preview is small', () => {
    expect(sizeOf([clip('25/1', 9, [853, 479]), clip('25/1', 5, [320, 240])], 'source', 'standard')).toEqual([
      854, 480,
    ]);
    expect(sizeOf([clip('25/1', 9, [320, 180])], 'source', 'preview')).toEqual([320, 180]);
    expect(sizeOf([clip('25/1', 9, [3840, 2160])], 'source', 'preview')).toEqual([640, 360]);
    expect(sizeOf([clip('25/1', 9, [3840, 2160])], 'source', 'standard')).toEqual([3840, 2160]);
  });
});
