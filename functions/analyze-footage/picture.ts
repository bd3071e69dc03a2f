export interface Size {
  width: number;
  height: number;
}

/** A small picture in Y'CbCr (BT.709, limited range), 4:2:0: the chroma planes have half the width and height. */
export interface Picture extends Size {
  luma: Uint8Array;
  blue: Uint8Array;
  red: Uint8Array;
}

/** Side of a cell in luma pixels: a small picture is a whole number of cells. */
export const CELL = 8;

/** The size, near `pixels` in area and of the shape of `shown`, that is a whole number of cells. */
export function smallSize(shown: Size, pixels: number): Size {
  const aspect = Math.min(6, Math.max(1 / 6, shown.width / shown.height));
  const cells = (length: number) => Math.max(3, Math.round(length / CELL)) * CELL;
  return { width: cells(Math.sqrt(pixels * aspect)), height: cells(Math.sqrt(pixels / aspect)) };
}

/** Bytes of a picture of this size. */
export function bytesOf({ width, height }: Size): number {
  return (width * height * 3) / 2;
}

/** Views of the planes of a yuv420p frame; nothing is copied. */
export function pictureOf(bytes: Uint8Array, { width, height }: Size): Picture {
  const pixels = width * height;
  return {
    width,
    height,
    luma: bytes.subarray(0, pixels),
    blue: bytes.subarray(pixels, pixels * 1.25),
    red: bytes.subarray(pixels * 1.25, pixels * 1.5),
  };
}
