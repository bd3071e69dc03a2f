import { type FrameRate, nearestFrame } from '../frame-rate.ts';
import type { SegmentSpec } from '../segments.ts';

const KEY_FRAME_SECONDS = 2;

type Coded = Pick<SegmentSpec, 'crf' | 'preset' | 'frameRate' | 'frames'>;

/**
 * Options of ffmpeg's output that make a segment which can be joined to any other of its timeline by copying streams: High
 * profile, closed GOPs, one clock, headers that don't depend on the pictures (x264's `stitchable`). No dates, versions or names, so
 * that equal pictures give equal files.
 *
 * @param threads x264's bytes follow from how many there are, so it isn't what the machine has.
 */
export function encoding({ crf, preset, frameRate, frames }: Coded, threads = 1): string[] {
  const x264 = [
    'stitchable=1',
    'open-gop=0',
    '8x8dct=1',
    'colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv',
  ].join(':');
  return [
    // The graph has timed the frames already; old ffmpegs would take the source's frame length for theirs.
    ...['-vsync', 'passthrough'],
    ...['-an', '-sn', '-dn', '-frames:v', String(frames), '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-c:v', 'libx264', '-preset', preset, '-crf', String(crf), '-profile:v', 'high', '-pix_fmt', 'yuv420p'],
    ...['-g', String(nearestFrame(KEY_FRAME_SECONDS, frameRate)), '-x264-params', x264, '-threads', String(threads)],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'],
    ...['-flags:v', '+bitexact', '-fflags', '+bitexact', '-video_track_timescale', String(clockOf(frameRate))],
    ...['-f', 'mp4'],
  ];
}

/**
 * Filters that the pictures go through last: what the encoder is given says of itself what it is. The encoder writes the tags into
 * the file by itself where ffmpeg lacks the filter for that.
 */
export const finishing = (filters: ReadonlySet<string>): string[] => [
  'format=yuv420p',
  ...(filters.has('setparams') ? ['setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709'] : []),
  'setsar=1',
];

/** Ticks a second in which every frame starts on a tick. */
function clockOf(rate: FrameRate): number {
  const numerator = Number(rate.split('/')[0]);
  return numerator < 10_000 ? numerator * 1000 : numerator;
}
