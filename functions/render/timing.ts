import type { FrameRate } from '../../shared/frame-rate.ts';
import type { Piece } from '../../shared/segments.ts';

type Stretch = Pick<Piece, 'sourceFrame' | 'sourceFrames' | 'frames'>;

/**
 * A clip's picture n, counted at the clip's own constant rate from its first picture, first shows at the output frame
 * floor((n·step + offset) / unit), possibly a negative one. That is the nearest frame to its own time, as `nearestFrame`
 * counts, so that a shot which analysis saw begin at picture n begins at the very frame that the plan put there.
 */
interface Mapping {
  step: bigint;
  offset: bigint;
  unit: bigint;
}

function mappingOf({ sourceFrame, sourceFrames, frames }: Stretch, clipRate: FrameRate, rate: FrameRate): Mapping {
  const [clipPer, clipIn] = fraction(clipRate);
  const [per, within] = fraction(rate);
  const step = 2n * per * clipIn * BigInt(frames);
  const unit = 2n * within * clipPer * BigInt(sourceFrames);
  // Half a unit more, so that rounding down finds the nearest.
  const offset = unit / 2n - 2n * within * clipPer * BigInt(sourceFrame) * BigInt(frames);
  const common = divisor(divisor(step, unit), offset < 0n ? -offset : offset);
  return { step: step / common, offset: offset / common, unit: unit / common };
}

/** Which of the clip's pictures, counted from 0 at `clipRate`, output frame `frame` of a piece shows. Exact. */
export function pictureAt(frame: number, piece: Stretch, clipRate: FrameRate, rate: FrameRate): number {
  const { step, offset, unit } = mappingOf(piece, clipRate, rate);
  // The last n with n·step + offset < (frame + 1)·unit; the dividend is positive, as step < 2·unit·… needs frame ≥ 0.
  const reach = (BigInt(frame) + 1n) * unit - offset;
  return Number((reach - 1n) / step);
}

/**
 * Filters that turn a decoded clip, whose clock is 0 at its first picture, into the piece's `frames` pictures at `rate`,
 * from frame 0 on: `pictureAt` says which. A clip that ends early holds its last picture, where ffmpeg can (`holds`: it has
 * `tpad`, which 4.1 lacks).
 */
export function retime(piece: Stretch, clipRate: FrameRate, rate: FrameRate, holds: boolean): string[] {
  const { step, offset, unit } = mappingOf(piece, clipRate, rate);
  const first = pictureAt(0, piece, clipRate, rate);
  const shifted = offset + BigInt(first) * step;
  const [per, within] = rate.split('/');
  return [
    // The clip as analysis counted it: a variable rate becomes the nominal one, whose tick is one picture.
    `fps=${clipRate}`,
    ...(holds ? ['tpad=stop=-1:stop_mode=clone'] : []),
    // Counted from the first picture needed, so that the products stay exact in floating point.
    `setpts=floor(((PTS-${first})*${step}+${shifted})/${unit})`,
    // Ticks are output frames now: gaps are filled, of several pictures on one frame the last stays, those before go.
    `fps=${clipRate}:start_time=0`,
    `settb=${within}/${per}`,
    'setpts=N',
    `fps=${rate}`,
    // Last, since old ffmpegs don't move the end of a stream with its pictures: filters before must never meet it.
    `trim=end_frame=${piece.frames}`,
  ];
}

function fraction(rate: FrameRate): [bigint, bigint] {
  const [numerator = '1', denominator = '1'] = rate.split('/');
  return [BigInt(numerator), BigInt(denominator)];
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b);
}
