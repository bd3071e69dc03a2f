import { type Network, surroundings } from '../network/network.ts';
import { bytesOf, enlarged, type PictureFormat, samplesOf } from '../picture-format.ts';
import { COLUMNS, ROWS, type Tile, tilesOf } from '../tiles.ts';

/** Pictures under way: while the network works at one, the colours of the other are converted. */
export const AT_ONCE = 2;

/**
 * What onnxruntime 1.30 holds for a pixel, and for each pixel that is made of it: the most that was measured of any
 * network.
 */
const BYTES_A_PIXEL = 2100;
const BYTES_A_LARGE_PIXEL = 75;
/** A pixel's colours, as they are handed to the network and back for each picture under way. */
const BYTES_OF_COLOURS = 3 * Float32Array.BYTES_PER_ELEMENT;
/** What is taken where there is as much. Slim takes less for a pixel: its whole process stays under 600 MB at 1920 × 1080. */
const SMALL_BYTES = 640e6;
/** Less than this saves next to nothing beside all else, and takes long. */
const LEAST_BYTES = 50e6;
/** More is taken, step by step, as long as more pixels than this are read for each that is kept ... */
const READ_A_PIXEL = 1.25;
const STEP = 1.25;
/** ... and there is as much: of the memory that is free beside the pictures. */
const SHARE = 0.5;

/**
 * What is made of a picture at once: as little as makes few pixels twice, and no more than half of the free memory (bytes) has room
 * for that the pictures leave. However little that is, a tile takes 50 MB and keeps a ninth of what it reads, since smaller ones take
 * forever: 540 MB for thick × 2, 800 MB for thick × 4 and 1.8 GB for thick × 8 are taken even where they aren't there.
 */
export function cpuTiles(network: Network, format: PictureFormat, available: number): Tile[] {
  const around = surroundings(network);
  const { overlap } = around;
  const { width, height } = format;
  const large = network.scale ** 2;
  const bytes = BYTES_A_PIXEL + BYTES_A_LARGE_PIXEL * large + AT_ONCE * BYTES_OF_COLOURS * (1 + large);
  // What keeps a ninth of what it reads; and something, whatever the overlap.
  const sensible = Math.max((3 * overlap) ** 2, (COLUMNS + 2 * overlap) * (ROWS + 2 * overlap));
  const smallest = Math.max(sensible, LEAST_BYTES / bytes);
  const most = ((available - AT_ONCE * pictureBytes(format, network.scale)) * SHARE) / bytes;
  for (let pixels = Math.max(Math.min(SMALL_BYTES / bytes, most), smallest); ; pixels *= STEP) {
    const tiles = tilesOf({ width, height, ...around, most: pixels });
    const read = tiles.reduce((sum, tile) => sum + tile.read.width * tile.read.height, 0);
    if (read <= READ_A_PIXEL * width * height || pixels * STEP > most) return tiles;
  }
}

/** Of a picture under way: itself, the large one's samples as numbers, what they miss of its own, and what is made of them. */
function pictureBytes(format: PictureFormat, scale: number): number {
  const to = enlarged(format, scale);
  return bytesOf(format) + Float32Array.BYTES_PER_ELEMENT * (samplesOf(to) + samplesOf(format)) + bytesOf(to);
}
