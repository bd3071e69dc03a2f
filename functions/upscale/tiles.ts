import type { Rectangle } from './colour.ts';

/**
 * A part of a picture that is made at once: what is read, and what of it is right and kept, as far as tiles reach over
 * each other.
 */
export interface Tile {
  read: Rectangle;
  keep: Rectangle;
}

/** What is kept starts at multiples of these, so that no two tiles write to one word, or to one chroma sample. */
export const COLUMNS = 8;
export const ROWS = 2;

interface Tiling {
  width: number;
  height: number;
  /** By how many pixels a tile reads beyond what it keeps, where the picture goes on. */
  overlap: number;
  /** By how many at most where it doesn't: pixels of its edge again. */
  margin: number;
  /** The most pixels that a tile may read. */
  most: number;
}

/**
 * Parts of one size that together keep every pixel once: as few pixels as can be are read twice.
 *
 * @throws when not even the smallest tile is small enough.
 */
export function tilesOf({ width, height, overlap, margin, most }: Tiling): Tile[] {
  const around = { overlap, margin };
  const rowsPossible = cutsOf(height, ROWS, around);
  let best: { columns: Cut; rows: Cut; cost: number } | null = null;
  for (const columns of cutsOf(width, COLUMNS, around)) {
    for (const rows of rowsPossible) {
      if (columns.read * rows.read > most) continue;
      const cost = columns.starts.length * columns.read * rows.starts.length * rows.read;
      if (!best || cost < best.cost) best = { columns, rows, cost };
    }
  }
  if (!best) throw new Error(`No tile of ${most} pixels keeps anything with ${overlap} around it`);
  const { columns, rows } = best;
  return spansOf(rows, height, around).flatMap((down) =>
    spansOf(columns, width, around).map((across) => ({
      read: { x: across.read, y: down.read, width: columns.read, height: rows.read },
      keep: { x: across.from, y: down.from, width: across.to - across.from, height: down.to - down.from },
    })),
  );
}

/** Pixels that the smallest tile reads of a picture. */
export function smallestTile({ width, height, ...around }: Omit<Tiling, 'most'>): number {
  const read = (length: number, step: number) => Math.min(...cutsOf(length, step, around).map((cut) => cut.read));
  return read(width, COLUMNS) * read(height, ROWS);
}

type Around = Pick<Tiling, 'overlap' | 'margin'>;

/** A way to cut a side of a picture into parts. */
interface Cut {
  starts: readonly number[];
  /** Length of what each part reads: as much as the one that needs most. */
  read: number;
}

/** All ways to cut it into parts of about one length that begin at multiples of `step`, from one part on. */
function cutsOf(length: number, step: number, { overlap, margin }: Around): Cut[] {
  const steps = Math.ceil(length / step);
  const lengths = new Set(Array.from({ length: steps }, (_, more) => Math.ceil(steps / (more + 1)) * step));
  return [...lengths].map((each) => {
    const starts = Array.from({ length: Math.ceil(length / each) }, (_, n) => n * each);
    const reads = starts.map(
      (from) => Math.min(length + margin, from + each + overlap) - Math.max(-margin, from - overlap),
    );
    return { starts, read: Math.max(...reads) };
  });
}

/**
 * All read as much, from within the picture and its margin: what lies outside these is zero to the network, and so must
 * not be read as picture.
 */
const spansOf = ({ starts, read }: Cut, length: number, { overlap, margin }: Around) =>
  starts.map((from, n) => ({
    from,
    to: starts[n + 1] ?? length,
    read: Math.min(Math.max(-margin, from - overlap), length + margin - read),
  }));
