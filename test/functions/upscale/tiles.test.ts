import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tilesOf } from '../../../functions/upscale/tiles.ts';

const tiling = fc.record({
  width: fc.integer({ min: 1, max: 400 }),
  height: fc.integer({ min: 1, max: 300 }),
  overlap: fc.integer({ min: 0, max: 40 }),
  /** As a share of the overlap. */
  beyond: fc.double({ min: 0, max: 1, noNaN: true }),
  /** Beyond the smallest tile that keeps anything. */
  more: fc.integer({ min: 0, max: 40_000 }),
});
const mostOf = ({ overlap, more }: { overlap: number; more: number }) => (8 + 2 * overlap) * (2 + 2 * overlap) + more;

describe('tiles', () => {
  it('keep every pixel once, with all around it that it depends on, in parts of one size', () => {
    fc.assert(
      fc.property(tiling, (order) => {
        const { width, height, overlap, beyond } = order;
        const margin = Math.round(beyond * overlap);
        const most = mostOf(order);
        const tiles = tilesOf({ width, height, overlap, margin, most });
        const kept = new Uint8Array(width * height);
        const sizes = new Set<string>();
        for (const { read, keep } of tiles) {
          sizes.add(`${read.width} × ${read.height}`);
          expect(read.width * read.height).toBeLessThanOrEqual(most);
          expect(Math.min(keep.width, keep.height)).toBeGreaterThan(0);
          expect(Math.min(read.x, read.y)).toBeGreaterThanOrEqual(-margin);
          expect(read.x + read.width).toBeLessThanOrEqual(width + margin);
          expect(read.y + read.height).toBeLessThanOrEqual(height + margin);
          expect([keep.x % 8, keep.y % 2]).toEqual([0, 0]);
          expect(read.x).toBeLessThanOrEqual(Math.max(-margin, keep.x - overlap));
          expect(read.y).toBeLessThanOrEqual(Math.max(-margin, keep.y - overlap));
          expect(read.x + read.width).toBeGreaterThanOrEqual(Math.min(width + margin, keep.x + keep.width + overlap));
          expect(read.y + read.height).toBeGreaterThanOrEqual(
            Math.min(height + margin, keep.y + keep.height + overlap),
          );
          for (let y = keep.y; y < keep.y + keep.height; y++) {
            for (let x = keep.x; x < keep.x + keep.width; x++)
              kept[y * width + x] = (kept[y * width + x] as number) + 1;
          }
        }
        expect(kept.every((times) => times === 1)).toBe(true);
        expect(sizes.size).toBe(1);
      }),
    );
  });

  it('are the whole picture where that is small enough', () => {
    const keep = { x: 0, y: 0, width: 321, height: 181 };
    const read = { x: -8, y: -8, width: 337, height: 197 };
    expect(tilesOf({ width: 321, height: 181, overlap: 11, margin: 8, most: 337 * 197 })).toEqual([{ read, keep }]);
  });

  it('read little twice: under a fifth more of a picture of 1920 × 1080', () => {
    const tiles = tilesOf({ width: 1920, height: 1080, overlap: 11, margin: 11, most: 100_000 });
    const read = tiles.reduce((sum, tile) => sum + tile.read.width * tile.read.height, 0);
    expect(read / (1920 * 1080)).toBeLessThan(1.2);
  });

  it('can not be smaller than what a single one of their pixels depends on', () => {
    expect(() => tilesOf({ width: 500, height: 500, overlap: 20, margin: 16, most: 1000 })).toThrow(
      /No tile of 1000 pixels/,
    );
  });
});
