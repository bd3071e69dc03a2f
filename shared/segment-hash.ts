import { createHash } from 'node:crypto';
import type { ChunkSpec } from './chunks.ts';
import type { Piece, SegmentSpec } from './segments.ts';

/** The name of a segment's file: SHA-256, in hex, of all that shapes its pixels. Where the source lies and what it is called doesn't. */
export function segmentHash(spec: SegmentSpec): string {
  const pixels = (piece: Piece) => ({ ...piece, key: undefined, file: undefined });
  return hashOf({ ...spec, main: pixels(spec.main), from: spec.from && pixels(spec.from) });
}

/** The name of a chunk's file, made the same way. What may compute it doesn't shape its pixels, but for how numbers are rounded. */
export function chunkHash(spec: ChunkSpec): string {
  return hashOf({ ...spec, upscale: { ...spec.upscale, onCpu: undefined } });
}

const hashOf = (shaping: unknown): string => createHash('sha256').update(canonicalJson(shaping)).digest('hex');

/** JSON with sorted keys and without undefined: the same value gives the same bytes. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
