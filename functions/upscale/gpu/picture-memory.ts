import { bytesOf, enlarged, type PictureFormat, samplesOf } from '../picture-format.ts';
import { wordLayout } from './back-projection-shader.ts';

/** Bytes of a device's buffers for pictures. */
export interface PictureMemory {
  /** The small picture, in whole words of 32 bits. */
  picture: number;
  /** Samples of the large picture as 32-bit numbers, and what they miss of the small one's. */
  planes: number;
  missing: number;
  /** The large picture, as it lies while it is made. */
  made: number;
}

export const pictureMemory = (from: PictureFormat, scale: number): PictureMemory => ({
  picture: Math.ceil(bytesOf(from) / 4) * 4,
  planes: 4 * samplesOf(enlarged(from, scale)),
  missing: 4 * samplesOf(from),
  made: 4 * wordLayout(from, scale).end,
});

/** Of one picture under way; it is fetched from a buffer of its own. */
export const laneBytes = ({ picture, made }: PictureMemory): number => picture + 2 * made;
