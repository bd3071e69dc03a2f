import { z } from 'zod';
import { fitInto, type Size } from './fit.ts';
import { FrameRateSchema } from './frame-rate.ts';
import { QUALITY_PROFILES } from './quality.ts';
import { MONTAGE_SCALES } from './super-resolution.ts';
import { type Cut, GradeSchema, type Source, type Timeline } from './timeline.ts';

/** Raised when the same segment would get other pixels: segments of older versions are made again. */
export const RENDERER_VERSION = 2;

const frames = z.number().int().nonnegative();

/** A stretch of one source, played over `frames` frames of the output. */
const PieceSchema = z.object({
  key: z.string().min(1),
  etag: z.string().min(1),
  file: z.string().min(1),
  /** Start in the source and how much of it is played, both in frames of the output's rate. */
  sourceFrame: frames,
  sourceFrames: frames.positive(),
  /** Length in the output. */
  frames: frames.positive(),
  grade: GradeSchema,
});
export type Piece = z.infer<typeof PieceSchema>;

const EdgeSchema = z.object({ kind: z.enum(['black', 'white', 'whip']), frames: frames.positive() }).nullable();

/** One file to be encoded: everything that shapes its pixels, and nothing else but names for people. */
export const SegmentSpecSchema = z.object({
  rendererVersion: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  frameRate: FrameRateSchema,
  crf: z.number(),
  preset: z.string(),
  /** Frames of the finished file. Equal to `main.frames`. */
  frames: frames.positive(),
  main: PieceSchema,
  /** Dissolve at the head: `from` is seen first and gives way to `main` over `from.frames` frames. */
  from: PieceSchema.nullable(),
  /** The picture comes out of black, white or a whip pan at the head, and goes into one at the tail. */
  head: EdgeSchema,
  tail: EdgeSchema,
});
export type SegmentSpec = z.infer<typeof SegmentSpecSchema>;

/** By so much the constant rate factor of a small segment is lower: what x264 loses of it would be made larger too. */
const FINER_CRF = 6;
/** Above this blocks are seen when they are twice as large. */
const MOST_SMALL_CRF = 14;

const EDGE = { dip_to_black: 'black', flash: 'white', whip_pan: 'whip', crossfade: null } as const;

/**
 * The files to encode for a timeline, in order; laid end to end they are the picture.
 * A dissolve belongs to the segment of the clip it leads into, so a segment starts where its dissolve starts.
 * Where the timeline is upscaled, a segment whose clips have too few pixels is small and without grain: `chunksOf` says how it
 * becomes large.
 */
export function segmentsOf(timeline: Timeline): SegmentSpec[] {
  const { cuts, frameRate } = timeline;
  const overlapBefore = (cut: Cut | undefined) => (cut?.transition?.kind === 'crossfade' ? cut.transition.inFrames : 0);
  return cuts.map((cut, i) => {
    const before = cuts[i - 1];
    const after = cuts[i + 1];
    const early = overlapBefore(cut);
    const length = early + cut.frames - overlapBefore(after);
    const dissolve = cut.transition?.kind === 'crossfade' ? cut.transition.inFrames + cut.transition.outFrames : 0;
    const dissolved = before && dissolve > 0 ? before : null;
    const { grain, ...coding } = codingOf(timeline, dissolved ? [dissolved, cut] : [cut]);
    const piece = (of: Cut, startFrame: number, pieceFrames: number): Piece => {
      const source = sourceOf(timeline, of);
      // Where a slowed clip is at a frame is rounded once, so that the next piece of the same cut starts where this one ends.
      const shownAt = (at: number) =>
        Math.max(0, of.sourceFrame + Math.round(((at - of.frame) * of.sourceFrames) / of.frames));
      const sourceFrame = shownAt(startFrame);
      return {
        key: source.key,
        etag: source.etag,
        file: source.file,
        sourceFrame,
        sourceFrames: Math.max(1, shownAt(startFrame + pieceFrames) - sourceFrame),
        frames: pieceFrames,
        grade: grain ? of.grade : { ...of.grade, grain: 0 },
      };
    };
    const edge = (transition: Cut['transition'], side: 'inFrames' | 'outFrames') => {
      const kind = transition ? EDGE[transition.kind] : null;
      return transition && kind && transition[side] > 0 ? { kind, frames: transition[side] } : null;
    };
    return {
      rendererVersion: RENDERER_VERSION,
      ...coding,
      frameRate,
      frames: length,
      main: piece(cut, cut.frame - early, length),
      from: dissolved && piece(dissolved, cut.frame - early, dissolve),
      head: edge(cut.transition, 'outFrames'),
      tail: edge(after?.transition ?? null, 'inFrames'),
    };
  });
}

/** Whether a segment of a timeline is smaller than its picture, so that it has to be made larger. */
export const isSmall = (segment: Size, { width, height }: Size): boolean =>
  segment.width < width || segment.height < height;

/** By how much clips may be shrunk to be made larger by a network: so little isn't seen. */
const MOST_SHRUNK = 1.25;

/** How the segment that shows these cuts is encoded, and whether it gets its grain now. */
function codingOf(timeline: Timeline, shown: readonly Cut[]) {
  const { width, height, quality } = timeline;
  const { crf, preset } = QUALITY_PROFILES[quality];
  // A network makes of a small picture what it can; it can't bring back what a larger one had.
  const small = smallSizes(timeline).find(
    (size) =>
      !shown.every((cut) =>
        isSharp(sourceOf(timeline, cut), { width: MOST_SHRUNK * size.width, height: MOST_SHRUNK * size.height }),
      ),
  );
  return small
    ? { ...small, crf: Math.min(MOST_SMALL_CRF, crf - FINER_CRF), preset, grain: false }
    : { width, height, crf, preset, grain: true };
}

/** Sizes that a timeline's segments may have to be made larger: by as much as was ordered, and then by less. */
function smallSizes({ width, height, upscale }: Timeline): Size[] {
  if (!upscale) return [];
  return MONTAGE_SCALES.filter((scale) => scale <= upscale.scale && isEven(width / scale) && isEven(height / scale))
    .sort((a, b) => b - a)
    .map((scale) => ({ width: width / scale, height: height / scale }));
}

const isEven = (pixels: number) => pixels % 2 === 0;

/** Whether a source has a pixel of its own for each that the frame shows of it. */
export function isSharp(source: Size, frame: Size): boolean {
  const fit = fitInto(source, frame);
  return fit.kind === 'crop' ? Math.round(source.width * fit.across) >= frame.width : source.width >= fit.width;
}

function sourceOf({ sources }: Timeline, cut: Cut): Source {
  const source = sources[cut.source];
  if (!source) throw new RangeError(`cut at frame ${cut.frame} names source ${cut.source}, which the timeline lacks`);
  return source;
}
