import { conversionOf, paint, sampleOf } from '../../../functions/upscale/colour.ts';
import { bytesOf, type PictureFormat, samplesOf } from '../../../functions/upscale/picture-format.ts';

/** A whole picture from red, green and blue of all its pixels, 0 to 1 times `range`, in three planes. */
export function pictureOf(rgb: Float32Array, format: PictureFormat, range: number): Uint8Array<ArrayBuffer> {
  const planes = new Float32Array(samplesOf(format));
  const whole = { x: 0, y: 0, width: format.width, height: format.height };
  paint(planes, format, { rgb, part: whole, keep: whole }, range);
  return rounded(planes, format);
}

/** The samples of a picture whose planes are numbers, Y from 0 to 1, U and V around 0. */
export function rounded(planes: Float32Array, format: PictureFormat): Uint8Array<ArrayBuffer> {
  const { luma, chroma, most } = conversionOf(format);
  const picture = new Uint8Array(bytesOf(format));
  const samples = format.bits === 8 ? picture : new Uint16Array(picture.buffer);
  const pixels = format.width * format.height;
  for (const [at, value] of planes.entries()) samples[at] = sampleOf(value, at < pixels ? luma : chroma, most);
  return picture;
}
