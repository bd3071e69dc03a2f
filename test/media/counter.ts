import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameRate } from '../../shared/frame-rate.ts';
import { ffmpeg } from '../../shared/media/ffmpeg.ts';
import { meanOf, type Picture, type Region, WHOLE } from './pixels.ts';

const COLUMNS = 4;
const ROWS = 4;
/** The first row is white, black, white, black; the others are twelve bits, the highest first. */
const MARKS = [true, false, true, false];
const HIGHEST = 2 ** (COLUMNS * (ROWS - 1)) - 1;

export interface CounterOptions {
  /** With its ending, which decides the container. */
  name: string;
  frames: number;
  frameRate: FrameRate;
  width?: number;
  height?: number;
  /** Filters between the drawn pictures and the encoder. */
  filters?: readonly string[];
  /** Options of the encoder and the container; without them H.264. */
  coding?: readonly string[];
}

/** Makes a clip whose picture n, from 0, shows n in large black and white blocks. Returns its path. */
export async function makeCounter(folder: string, options: CounterOptions): Promise<string> {
  const { name, frames, frameRate, width = 160, height = 96 } = options;
  if (frames > HIGHEST + 1) throw new RangeError(`A counter has at most ${HIGHEST + 1} frames`);
  const path = join(folder, name);
  const raw = `${path}.gray`;
  const file = await open(raw, 'w');
  for (let frame = 0; frame < frames; frame++) await file.writeFile(drawn(frame, width, height));
  await file.close();
  await ffmpeg(
    [
      ...['-v', 'error', '-f', 'rawvideo', '-pixel_format', 'gray', '-video_size', `${width}x${height}`],
      ...['-framerate', frameRate, '-i', raw, '-filter:v', [...(options.filters ?? []), 'format=yuv420p'].join(',')],
      ...['-vsync', 'vfr', ...(options.coding ?? ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18']), path],
    ],
    { timeLimitSeconds: 120 },
  );
  await rm(raw);
  return path;
}

/** The number that a picture shows, or null when it shows none: blurred, mixed from two, or out of place. */
export function counterIn(picture: Picture, region: Region = WHOLE): number | null {
  const lit: boolean[] = [];
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS; column++) {
      const [luma] = meanOf(picture, middleOf(row, column, region));
      if (luma > 80 && luma < 170) return null;
      lit.push(luma > 125);
    }
  if (MARKS.some((mark, i) => lit[i] !== mark)) return null;
  return lit.slice(COLUMNS).reduce((number, bit) => number * 2 + Number(bit), 0);
}

function middleOf(row: number, column: number, { left, top, right, bottom }: Region): Region {
  const [across, down] = [(right - left) / COLUMNS, (bottom - top) / ROWS];
  return {
    left: left + (column + 0.35) * across,
    right: left + (column + 0.65) * across,
    top: top + (row + 0.35) * down,
    bottom: top + (row + 0.65) * down,
  };
}

function drawn(frame: number, width: number, height: number): Uint8Array {
  const bits = Array.from(
    { length: COLUMNS * (ROWS - 1) },
    (_, i) => ((frame >> (COLUMNS * (ROWS - 1) - 1 - i)) & 1) === 1,
  );
  const blocks = [...MARKS, ...bits];
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const column = Math.floor(((i % width) * COLUMNS) / width);
    const row = Math.floor((Math.floor(i / width) * ROWS) / height);
    return blocks[row * COLUMNS + column] ? 255 : 0;
  });
}
