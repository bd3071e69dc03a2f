import { input, startFfmpeg } from '../../shared/media/ffmpeg.ts';

/** A decoded picture, 8-bit 4:2:0 as it is coded: limited range, chroma at half size (rounded up). */
export interface Picture {
  width: number;
  height: number;
  y: Uint8Array;
  u: Uint8Array;
  v: Uint8Array;
}

/** A part of a picture, in shares of its width and height. */
export interface Region {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const WHOLE: Region = { left: 0, top: 0, right: 1, bottom: 1 };

const LIMIT = { timeLimitSeconds: 120 };

/** Every picture of a file, in the order shown, none repeated or left out; as coded, whatever the file says of turning. */
export async function picturesOf(path: string): Promise<Picture[]> {
  const format = ['-pix_fmt', 'yuv420p', '-vsync', 'passthrough', '-f', 'yuv4mpegpipe', 'pipe:1'];
  const running = await startFfmpeg(
    ['-v', 'error', ...input(path, '-noautorotate'), '-map', '0:V:0', ...format],
    LIMIT,
  );
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await running.ended;
  const bytes = Buffer.concat(chunks);
  // YUV4MPEG2: a line with the size, then for each picture the line FRAME and its three planes.
  const header = bytes.toString('latin1', 0, bytes.indexOf('\n'));
  const [width = 0, height = 0] = ['W', 'H'].map((letter) => Number(new RegExp(` ${letter}(\\d+)`).exec(header)?.[1]));
  const luma = width * height;
  const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
  const pictures: Picture[] = [];
  for (let at = header.length + 1; at < bytes.length; at += luma + 2 * chroma) {
    at += 'FRAME\n'.length;
    pictures.push({
      width,
      height,
      y: bytes.subarray(at, at + luma),
      u: bytes.subarray(at + luma, at + luma + chroma),
      v: bytes.subarray(at + luma + chroma, at + luma + 2 * chroma),
    });
  }
  return pictures;
}

/** Mean luma and chroma of a part of a picture, as coded: luma 16 to 235, chroma about 128. */
export function meanOf(picture: Picture, region: Region = WHOLE): [number, number, number] {
  const { width, height, y, u, v } = picture;
  const [half, quarter] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  return [mean(y, width, height, region), mean(u, half, quarter, region), mean(v, half, quarter, region)];
}

/** The colour that a mean is, as BT.709 red, green and blue from 0 to 255. */
export function rgbOf([y, u, v]: readonly [number, number, number]): [number, number, number] {
  const [l, b, r] = [(y - 16) / 219, (u - 128) / 224, (v - 128) / 224];
  return [255 * (l + 1.5748 * r), 255 * (l - 0.1873 * b - 0.4681 * r), 255 * (l + 1.8556 * b)];
}

/** Mean absolute difference of two pictures' luma, in levels. */
export function differenceOf(a: Picture, b: Picture): number {
  return a.y.reduce((sum, value, i) => sum + Math.abs(value - (b.y[i] ?? 0)), 0) / a.y.length;
}

function mean(plane: Uint8Array, width: number, height: number, { left, top, right, bottom }: Region): number {
  const [x0, x1] = [Math.floor(left * width), Math.ceil(right * width)];
  let sum = 0;
  let count = 0;
  for (let y = Math.floor(top * height); y < Math.ceil(bottom * height); y++)
    for (let x = x0; x < x1; x++, count++) sum += plane[y * width + x] ?? 0;
  return sum / count;
}
