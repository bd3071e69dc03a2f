import type { FootageAnalysis } from '../../shared/analysis.ts';
import { type FrameRate, framesPerSecond, STANDARD_RATES } from '../../shared/frame-rate.ts';
import { QUALITY_PROFILES } from '../../shared/quality.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { Format, Quality } from '../../shared/request.ts';
import { MOST_MONTAGE_PIXELS, type Upscale } from '../../shared/super-resolution.ts';

type Footage = Pick<FootageAnalysis, 'durationSeconds' | 'frameRate' | 'width' | 'height'>;

export interface OutputFormat {
  width: number;
  height: number;
  frameRate: FrameRate;
}

const FASTEST = 60;
const SLOWEST = 24_000 / 1001;
const OUTPUT_RATES = STANDARD_RATES.filter((rate) => framesPerSecond(rate) <= FASTEST);

/**
 * Picture size and frame rate of a montage. Landscape, vertical and square take their size from the quality; `source` is the
 * size that most of the footage has, by seconds, made even (a preview is never larger than its profile). Without a format it
 * is landscape or vertical, as most of the footage is. Upscaled it is that many times as large, but for a master, which is large
 * already, and a whole number of times as large as a picture of even size in either case.
 *
 * @throws {Refusal} when it would be larger than it can be encoded.
 */
export function outputFormat(
  footage: readonly Footage[],
  format: Format | undefined,
  quality: Quality,
  upscale: Pick<Upscale, 'scale'> | null,
): OutputFormat {
  const usual = usualFormat(footage, format, quality);
  if (!upscale) return usual;
  const { scale } = upscale;
  const times = quality === 'master' && format !== 'source' ? 1 : scale;
  const [width, height] = [usual.width, usual.height].map((side) => scale * even((side * times) / scale)) as [
    number,
    number,
  ];
  if (width * height > MOST_MONTAGE_PIXELS)
    throw new Refusal(
      `Upscaled, the montage would have ${width}×${height} pixels, more than it can be encoded with; order it with a smaller scale or quality`,
    );
  return { ...usual, width, height };
}

function usualFormat(footage: readonly Footage[], format: Format | undefined, quality: Quality): OutputFormat {
  const frameRate = commonest(footage, ({ frameRate }) => outputRate(frameRate));
  const { longSide, shortSide } = QUALITY_PROFILES[quality];
  const shape = format ?? commonest(footage, ({ width, height }) => (height > width ? 'vertical' : 'landscape'));
  switch (shape) {
    case 'landscape':
      return { width: longSide, height: shortSide, frameRate };
    case 'vertical':
      return { width: shortSide, height: longSide, frameRate };
    case 'square':
      return { width: shortSide, height: shortSide, frameRate };
    case 'source': {
      const [width = 2, height = 2] = commonest(footage, (clip) => `${clip.width}x${clip.height}`)
        .split('x')
        .map(Number);
      const scale = quality === 'preview' ? Math.min(1, longSide / Math.max(width, height)) : 1;
      return { width: even(width * scale), height: even(height * scale), frameRate };
    }
  }
}

const even = (length: number) => Math.max(2, 2 * Math.round(length / 2));

/** What most seconds of the footage have; among equals what comes first in the alphabet. */
function commonest<T extends string>(footage: readonly Footage[], of: (clip: Footage) => T): T {
  const seconds = new Map<T, number>();
  for (const clip of footage) seconds.set(of(clip), (seconds.get(of(clip)) ?? 0) + clip.durationSeconds);
  const [most] = [...seconds].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (!most) throw new RangeError('an output format needs footage');
  return most[0];
}

/**
 * The standard rate, 23.976 to 60, that a clip's own goes into best: 12.5 counts as 25, 15 as 30, 120 as 60.
 */
function outputRate(rate: FrameRate): FrameRate {
  const own = framesPerSecond(rate);
  let shown = own;
  // Whole multiples repeat frames evenly and whole parts drop them evenly, so motion stays as it was.
  for (let times = 2; shown < SLOWEST * 0.99; times++) shown = own * times;
  for (let part = 2; shown > FASTEST * 1.01; part++) shown = own / part;
  const off = (standard: FrameRate) => Math.abs(Math.log(framesPerSecond(standard) / shown));
  return [...OUTPUT_RATES].sort((a, b) => off(a) - off(b))[0] ?? '25/1';
}
