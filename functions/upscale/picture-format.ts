/** Where each colour of a picture lies: ITU-R BT.601, BT.709, or BT.2020 with non-constant luminance. */
export type Matrix = 'bt601' | 'bt709' | 'bt2020';

/**
 * Pictures in YUV 4:2:0: the plane Y, then U, then V, row by row without gaps; samples of 10 bits are 16 bits, little
 * endian. Chroma lies where MPEG-2 and H.264 have it: on the left of two columns, between two rows.
 */
export interface PictureFormat {
  width: number;
  height: number;
  bits: 8 | 10;
  matrix: Matrix;
  range: 'limited' | 'full';
}

/** Samples of a chroma plane: half of the picture's, rounded up. */
export const chromaSize = ({ width, height }: Pick<PictureFormat, 'width' | 'height'>) => ({
  width: Math.ceil(width / 2),
  height: Math.ceil(height / 2),
});

export function samplesOf(format: Pick<PictureFormat, 'width' | 'height'>): number {
  const chroma = chromaSize(format);
  return format.width * format.height + 2 * chroma.width * chroma.height;
}

/** Length of a picture. */
export const bytesOf = (format: PictureFormat): number => samplesOf(format) * (format.bits === 8 ? 1 : 2);

/** @throws where a picture isn't as long as its format says. */
export function assertPicture(picture: Uint8Array, format: PictureFormat): void {
  if (picture.length !== bytesOf(format)) throw new Error(`A picture of ${picture.length} bytes isn't of this format`);
}

export const enlarged = (format: PictureFormat, scale: number): PictureFormat => ({
  ...format,
  width: format.width * scale,
  height: format.height * scale,
});
