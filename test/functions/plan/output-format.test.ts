import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputFormat } from '../../../functions/plan/output-format.ts';
import type { FrameRate } from '../../../shared/frame-rate.ts';
import { FORMATS } from '../../../shared/request.ts';
import { MONTAGE_SCALES } from '../../../shared/super-resolution.ts';

const clip = (frameRate: FrameRate, durationSeconds = 10, [width, height] = [1920, 1080]) => ({
  frameRate,
  durationSeconds,
  width,
  height,
});
const rateOf = (...clips: ReturnType<typeof clip>[]) => outputFormat(clips, undefined, 'standard', null).frameRate;
type Given = Parameters<typeof outputFormat>;
const sizeOf = (footage: Given[0], format: Given[1], quality: Given[2], upscale: Given[3] = null) => {
  const { width, height } = outputFormat(footage, format, quality, upscale);
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

  it('upscaled is so many times as large, but a master, which is as large as ever', () => {
    expect(sizeOf([wide], 'landscape', 'standard', { scale: 2 })).toEqual([3840, 2160]);
    expect(sizeOf([wide], 'vertical', 'preview', { scale: 4 })).toEqual([1440, 2560]);
    expect(sizeOf([wide], 'landscape', 'master', { scale: 3 })).toEqual([3840, 2160]);
    expect(sizeOf([clip('25/1', 9, [160, 90])], 'source', 'master', { scale: 2 })).toEqual([320, 180]);
  });

  it('upscaled is a whole number of times as large as an even picture, whatever the clips are', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 })),
        fc.constantFrom(...FORMATS),
        // A large one four times as large is more than can be encoded.
        fc.constantFrom('preview', 'master'),
        fc.constantFrom(...MONTAGE_SCALES),
        (size, format, quality, scale) => {
          for (const side of sizeOf([clip('25/1', 10, size)], format, quality, { scale }))
            expect((side / scale) % 2).toBe(0);
        },
      ),
    );
  });

  it('upscaled must not be more than can be encoded, and that is said', () => {
    expect(() => sizeOf([clip('25/1', 9, [3840, 2160])], 'source', 'high', { scale: 4 })).toThrow(
      /15360×8640 pixels.*a smaller scale/,
    );
  });
});
