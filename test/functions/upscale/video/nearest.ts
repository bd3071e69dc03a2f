import { bytesOf, chromaSize, enlarged, type PictureFormat } from '../../../../functions/upscale/picture-format.ts';
import type { Upscaler } from '../../../../functions/upscale/upscaler.ts';
import { type UpscaleOptions, upscaleVideo } from '../../../../functions/upscale/video/upscale-video.ts';

/** Near to lossless, and quick. */
export const FINE = { crf: 2, preset: 'ultrafast' };

/** An upscaler by the simplest of networks, and what was asked of it. */
export interface Nearest extends Upscaler {
  /** Pictures it was given. */
  readonly given: Uint8Array[];
  /** The most that were under way at once. */
  readonly most: number;
  readonly disposed: boolean;
}

interface NearestOptions {
  atOnce?: number;
  /** Waits before picture n is done. */
  before?: (n: number) => Promise<void> | void;
}

/** Every sample becomes `scale` × `scale` of the same. */
export function nearest(from: PictureFormat, scale: number, { atOnce = 2, before }: NearestOptions = {}): Nearest {
  const to = enlarged(from, scale);
  const given: Uint8Array[] = [];
  let [underWay, most, disposed] = [0, 0, false];
  return {
    device: { kind: 'CPU', name: 'nearest neighbour', precision: 'f32' },
    from,
    to,
    atOnce,
    given,
    get most() {
      return most;
    },
    get disposed() {
      return disposed;
    },
    async upscale(picture) {
      given.push(picture);
      underWay++;
      most = Math.max(most, underWay);
      await before?.(given.length - 1);
      underWay--;
      return enlargedBytes(picture, from, scale);
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
    },
  };
}

/** A picture's samples, plane by plane. */
export function samplesOf(picture: Uint8Array, { bits }: PictureFormat): Uint8Array | Uint16Array {
  return bits === 8 ? picture : new Uint16Array(picture.buffer, picture.byteOffset, picture.byteLength / 2);
}

export function enlargedBytes(picture: Uint8Array, format: PictureFormat, scale: number): Uint8Array {
  const to = enlarged(format, scale);
  const from = samplesOf(picture, format);
  const large = new Uint8Array(bytesOf(to));
  const samples = samplesOf(large, to);
  const planes = [
    [format, to],
    [chromaSize(format), chromaSize(to)],
    [chromaSize(format), chromaSize(to)],
  ] as const;
  let [start, at] = [0, 0];
  for (const [small, wide] of planes) {
    for (let y = 0; y < wide.height; y++) {
      const row = start + Math.floor(y / scale) * small.width;
      for (let x = 0; x < wide.width; x++) samples[at++] = from[row + Math.floor(x / scale)] as number;
    }
    start += small.width * small.height;
  }
  return large;
}

/**
 * Makes a film larger by the nearest neighbour, unless something else is opened; gives back what came of it, and the
 * upscaler.
 */
export async function upscaled(
  source: string,
  destination: string,
  options: Partial<UpscaleOptions> & NearestOptions = {},
) {
  const scale = options.scale ?? 2;
  let upscaler: Nearest | undefined;
  const open = async (format: PictureFormat) => {
    upscaler = nearest(format, scale, options);
    return upscaler;
  };
  const result = await upscaleVideo({ coding: FINE, open, ...options, scale, source, destination });
  return { ...result, upscaler: upscaler as Nearest };
}
