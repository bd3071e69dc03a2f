import { z } from 'zod';
import { FrameRateSchema } from './frame-rate.ts';
import { QUALITY_PROFILES } from './quality.ts';
import { type Cut, GradeSchema, type Timeline } from './timeline.ts';

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

const EDGE = { dip_to_black: 'black', flash: 'white', whip_pan: 'whip', crossfade: null } as const;

/**
 * The files to encode for a timeline, in order; laid end to end they are the picture.
 * A dissolve belongs to the segment of the clip it leads into, so a segment starts where its dissolve starts.
 */
export function segmentsOf(timeline: Timeline): SegmentSpec[] {
  const { cuts, width, height, frameRate } = timeline;
  const { crf, preset } = QUALITY_PROFILES[timeline.quality];
  const overlapBefore = (cut: Cut | undefined) => (cut?.transition?.kind === 'crossfade' ? cut.transition.inFrames : 0);
  return cuts.map((cut, i) => {
    const before = cuts[i - 1];
    const after = cuts[i + 1];
    const early = overlapBefore(cut);
    const length = early + cut.frames - overlapBefore(after);
    const piece = (of: Cut, startFrame: number, pieceFrames: number): Piece => {
      const source = timeline.sources[of.source];
      if (!source) throw new RangeError(`cut at frame ${of.frame} names source ${of.source}, which the timeline lacks`);
      const speed = of.sourceFrames / of.frames;
      return {
        key: source.key,
        etag: source.etag,
        file: source.file,
        sourceFrame: Math.max(0, of.sourceFrame + Math.round((startFrame - of.frame) * speed)),
        sourceFrames: Math.max(1, Math.round(pieceFrames * speed)),
        frames: pieceFrames,
        grade: of.grade,
      };
    };
    const dissolve = cut.transition?.kind === 'crossfade' ? cut.transition.inFrames + cut.transition.outFrames : 0;
    const edge = (transition: Cut['transition'], side: 'inFrames' | 'outFrames') => {
      const kind = transition ? EDGE[transition.kind] : null;
      return transition && kind && transition[side] > 0 ? { kind, frames: transition[side] } : null;
    };
    return {
      rendererVersion: RENDERER_VERSION,
      width,
      height,
      frameRate,
      crf,
      preset,
      frames: length,
      main: piece(cut, cut.frame - early, length),
      from: before && dissolve > 0 ? piece(before, cut.frame - early, dissolve) : null,
      head: edge(cut.transition, 'outFrames'),
      tail: edge(after?.transition ?? null, 'inFrames'),
    };
  });
}
