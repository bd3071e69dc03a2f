import { type Network, surroundings } from '../network/network.ts';
import type { PictureFormat } from '../picture-format.ts';
import { COLUMNS, ROWS, type Tile, tilesOf } from '../tiles.ts';

/**
 * What onnxruntime 1.30 holds for a pixel, and for each pixel that is made of it: the most that was measured of any
 * network.
 */
const BYTES_A_PIXEL = 2100;
const BYTES_A_LARGE_PIXEL = 75;
/** What is always taken. Slim takes less for a pixel: its whole process stays under 600 MB at 1920 × 1080. */
const SMALL_BYTES = 640e6;
/** More is taken, step by step, as long as more pixels than this are read for each that is kept ... */
const READ_A_PIXEL = 1.25;
const STEP = 1.25;
/** ... and there is as much: of the memory that is free. */
const SHARE = 0.5;

type Size = Pick<PictureFormat, 'width' | 'height'>;

/** What is made of a picture at once: as little as makes few pixels twice, within the memory that there is (bytes). */
export function cpuTiles(network: Network, { width, height }: Size, available: number): Tile[] {
  const around = surroundings(network);
  const { overlap } = around;
  const bytes = BYTES_A_PIXEL + BYTES_A_LARGE_PIXEL * network.scale ** 2;
  // What keeps a ninth of what it reads; and something, whatever the overlap.
  const smallest = Math.max((3 * overlap) ** 2, (COLUMNS + 2 * overlap) * (ROWS + 2 * overlap));
  const most = (available * SHARE) / bytes;
  for (let pixels = Math.max(SMALL_BYTES / bytes, smallest); ; pixels *= STEP) {
    const tiles = tilesOf({ width, height, ...around, most: pixels });
    const read = tiles.reduce((sum, tile) => sum + tile.read.width * tile.read.height, 0);
    if (read <= READ_A_PIXEL * width * height || pixels * STEP > most) return tiles;
  }
}
