import { type ChunkSpec, chunksOf } from './chunks.ts';
import { chunkHash, segmentHash } from './segment-hash.ts';
import { type SegmentSpec, segmentsOf } from './segments.ts';
import type { Timeline } from './timeline.ts';

/** A file of the cache that a montage needs, by its name. */
interface PlannedFile<Spec> {
  hash: string;
  spec: Spec;
}

/** A segment, and the chunks that it is made large in: none where it is rendered as large as the montage. */
export interface PlannedSegment extends PlannedFile<SegmentSpec> {
  chunks: readonly PlannedFile<ChunkSpec>[];
}

/** What a montage is made of, in order. */
export function plannedSegments(timeline: Timeline): PlannedSegment[] {
  const segments = segmentsOf(timeline).map((spec) => ({ spec, hash: segmentHash(spec) }));
  const chunks = chunksOf(
    timeline,
    segments.map(({ hash }) => hash),
  );
  return segments.map((segment, i) => ({
    ...segment,
    chunks: (chunks[i] ?? []).map((spec) => ({ spec, hash: chunkHash(spec) })),
  }));
}

/** The files that are laid end to end, in order, and their lengths. */
export function joinedFiles(segments: readonly PlannedSegment[]): { hash: string; frames: number }[] {
  return segments.flatMap((segment) =>
    (segment.chunks.length > 0 ? segment.chunks : [segment]).map(({ hash, spec: { frames } }) => ({ hash, frames })),
  );
}
