import { z } from 'zod';
import { FrameRateSchema } from './frame-rate.ts';
import { grainLevel } from './grain.ts';
import { QUALITY_PROFILES } from './quality.ts';
import { isSmall, type SegmentSpec, segmentsOf } from './segments.ts';
import { MontageScaleSchema, THOUSAND_MULTIPLY_ADDS, UpscaleSchema } from './super-resolution.ts';
import type { Cut, Timeline } from './timeline.ts';

/** Raised when the same chunk would get other pixels or bytes: chunks of older versions are made again. */
export const UPSCALER_VERSION = 4;

/**
 * What one chunk may cost: some minutes, at any size of picture and by any network that makes a frame in that; on two cores where the
 * CPU is allowed, else on the smallest GPU that is worth it.
 */
export const MOST_MULTIPLY_ADDS = { cpu: 2e13, gpu: 1.5e14 } as const;
/** Pixels of the large picture in all frames of one: so many take x264 some minutes where the network takes none, 60 frames of 3840×2160. */
export const MOST_PIXELS = 5e8;

const frames = z.number().int().nonnegative();

/** A stretch of a small segment that is made large at once: everything that shapes its pixels, and whether the CPU may make them. */
export const ChunkSpecSchema = z
  .strictObject({
    upscalerVersion: z.literal(UPSCALER_VERSION),
    /** The hash of the small segment, which lies in the cache by that name. */
    segment: z.string().regex(/^[0-9a-f]{64}$/),
    /** Which of its frames. */
    fromFrame: frames,
    frames: frames.positive(),
    upscale: UpscaleSchema,
    /** Of the large picture. */
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    frameRate: FrameRateSchema,
    crf: z.number(),
    preset: z.string(),
    /** Film grain of the chunk's frames in turn, in levels of 255: it belongs on the large picture. */
    grain: z.array(z.strictObject({ frames: frames.positive(), level: frames })),
  })
  .refine(
    ({ width, height, upscale: { scale } }) => width % scale === 0 && height % scale === 0,
    'a large picture is whole times as wide and as high as the small one',
  );
export type ChunkSpec = z.infer<typeof ChunkSpecSchema>;

/** What a chunk's marker says: how long it took a pod, where one made it for this very job. */
export const ChunkMarkerSchema = z.object({ seconds: z.number().nonnegative().optional() });
export type ChunkMarker = z.infer<typeof ChunkMarkerSchema>;

/**
 * What a timeline's small segments are made large in, for each segment in the order of `segmentsOf`: laid end to end, a segment's
 * chunks are all of its frames. A segment that is rendered large has none.
 *
 * @param hashes names of the segments' files, in order.
 */
export function chunksOf(timeline: Timeline, hashes: readonly string[]): ChunkSpec[][] {
  return segmentsOf(timeline).map((segment, i) => {
    const { upscale, width, height, frameRate, quality } = timeline;
    if (!upscale || !isSmall(segment, timeline)) return [];
    const { crf, preset } = QUALITY_PROFILES[quality];
    const byHowMuch = { ...upscale, scale: MontageScaleSchema.parse(width / segment.width) };
    const levels = grainOf(segment, timeline.cuts[i], timeline.cuts[i - 1]);
    return stretches(segment.frames, mostFrames(segment, byHowMuch)).map(({ from, to }) => ({
      upscalerVersion: UPSCALER_VERSION,
      segment: hashes[i] ?? '',
      fromFrame: from,
      frames: to - from,
      upscale: byHowMuch,
      ...{ width, height, frameRate, crf, preset },
      grain: runs(levels.slice(from, to)),
    }));
  });
}

/** Frames of a chunk at most. */
function mostFrames(
  { width, height }: Pick<SegmentSpec, 'width' | 'height'>,
  { model, scale, onCpu }: ChunkSpec['upscale'],
): number {
  const pixels = width * height;
  const most = MOST_MULTIPLY_ADDS[onCpu ? 'cpu' : 'gpu'];
  const computed = most / (THOUSAND_MULTIPLY_ADDS[model][scale] * 1000 * pixels);
  return Math.max(1, Math.floor(Math.min(computed, MOST_PIXELS / (pixels * scale ** 2))));
}

/** As few stretches of about one length as there can be. */
function stretches(frames: number, most: number): { from: number; to: number }[] {
  const count = Math.ceil(frames / most);
  const starts = Array.from({ length: count + 1 }, (_, i) => Math.round((i * frames) / count));
  return starts.slice(1).map((to, i) => ({ from: starts[i] as number, to }));
}

/** The grain of each frame, as if each clip had it under the dissolve and the edges: what is faded to black has none. */
function grainOf({ frames, from, head, tail }: SegmentSpec, cut: Cut | undefined, before: Cut | undefined): number[] {
  const of = (each: Cut | undefined) => grainLevel(each?.grade.grain ?? 0);
  return Array.from({ length: frames }, (_, frame) => {
    const main = from ? Math.min(1, (frame + 1) / (from.frames + 1)) : 1;
    const mixed = main * of(cut) + (1 - main) * of(before);
    return Math.round(mixed * seen(head, frame, frames) * seen(tail, frames - 1 - frame, frames));
  });
}

/** How much of a picture is seen `away` frames from an edge: nothing at the cut itself. */
function seen(edge: SegmentSpec['head'], away: number, frames: number): number {
  if (!edge || edge.kind === 'whip') return 1;
  return Math.min(1, away / Math.min(edge.frames, frames));
}

function runs(levels: readonly number[]): ChunkSpec['grain'] {
  const found: ChunkSpec['grain'] = [];
  for (const level of levels) {
    const last = found.at(-1);
    if (last?.level === level) last.frames += 1;
    else found.push({ frames: 1, level });
  }
  return found;
}
