import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paint, rgbOf } from '../../../functions/upscale/colour.ts';
import { bytesOf, chromaSize, type Matrix, type PictureFormat } from '../../../functions/upscale/picture-format.ts';
import { farthest, psnr, rawPicture, rgbPicture } from './raw-picture.ts';
import { pictureOf, rounded } from './rounded.ts';

type Triple = readonly [number, number, number];

const RED: Triple = [1, 0, 0];
const GREEN: Triple = [0, 1, 0];
const BLUE: Triple = [0, 0, 1];
const WHITE: Triple = [1, 1, 1];
const BLACK: Triple = [0, 0, 0];

const samplesOf = (picture: Uint8Array, { bits }: PictureFormat): Uint8Array | Uint16Array =>
  bits === 8 ? picture : new Uint16Array(picture.slice().buffer);

/** Three planes of one colour. */
function flat(colour: Triple, { width, height }: PictureFormat, range: number): Float32Array {
  const plane = width * height;
  return new Float32Array(3 * plane).map((_, n) => range * (colour[Math.floor(n / plane)] as number));
}

const whole = ({ width, height }: PictureFormat) => ({ x: 0, y: 0, width, height });

const formats = fc.record({
  width: fc.integer({ min: 1, max: 21 }),
  height: fc.integer({ min: 1, max: 17 }),
  bits: fc.constantFrom(8, 10),
  matrix: fc.constantFrom('bt601', 'bt709', 'bt2020'),
  range: fc.constantFrom('limited', 'full'),
});
const level = fc.double({ min: 0, max: 1, noNaN: true });

describe('a flat colour', () => {
  it.each([
    ['bt709', 'limited', 8, RED, [63, 102, 240]],
    ['bt709', 'limited', 8, GREEN, [173, 42, 26]],
    ['bt709', 'limited', 8, BLUE, [32, 240, 118]],
    ['bt709', 'limited', 10, RED, [250, 409, 960]],
    ['bt601', 'limited', 8, RED, [81, 90, 240]],
    ['bt601', 'limited', 8, GREEN, [145, 54, 34]],
    ['bt601', 'limited', 8, BLUE, [41, 240, 110]],
    // As in every JPEG.
    ['bt601', 'full', 8, RED, [76, 85, 255]],
    ['bt601', 'full', 8, GREEN, [150, 44, 21]],
    ['bt601', 'full', 8, BLUE, [29, 255, 107]],
    ['bt2020', 'limited', 10, RED, [294, 387, 960]],
    ['bt2020', 'limited', 10, GREEN, [658, 189, 100]],
    ['bt2020', 'full', 10, WHITE, [1023, 512, 512]],
    ['bt2020', 'limited', 10, WHITE, [940, 512, 512]],
    ['bt709', 'limited', 8, WHITE, [235, 128, 128]],
    ['bt709', 'limited', 8, BLACK, [16, 128, 128]],
  ] satisfies [Matrix, PictureFormat['range'], 8 | 10, Triple, Triple][])(
    'has the samples that the standard gives it: %s, %s, %d bits, %j',
    (matrix, range, bits, colour, [y, u, v]) => {
      const format = { width: 5, height: 3, bits, matrix, range };
      const samples = [...samplesOf(pictureOf(flat(colour, format, 255), format, 255), format)];
      expect(samples).toEqual([...Array(15).fill(y), ...Array(6).fill(u), ...Array(6).fill(v)]);
    },
  );

  it('comes back as it was, to a step or two', () => {
    fc.assert(
      fc.property(formats, fc.tuple(level, level, level), fc.constantFrom(1, 255), (format, colour, range) => {
        const rgb = flat(colour, format, range);
        const back = rgbOf(pictureOf(rgb, format, range), format, whole(format), range);
        // Limited range has 219 steps where full range has 255.
        expect((farthest(back, rgb) / range) * (2 ** format.bits - 1)).toBeLessThan(2.2);
      }),
    );
  });
});

describe('a picture', () => {
  const SOURCE = 'testsrc2=s=96x64,format=gbrp16le,gblur=sigma=1.5';
  const EXACT = 'accurate_rnd+full_chroma_int+full_chroma_inp';
  const NAMES = { bt709: 'bt709', bt601: 'smpte170m', bt2020: 'bt2020' } as const;
  /** Where chroma lies: on the left of two columns, or between them; between two rows. */
  const LEFT = 'h_chr_pos=0';
  const CENTRE = 'h_chr_pos=128';
  const formatsHere = (['bt709', 'bt601', 'bt2020'] as const).flatMap((matrix) =>
    (['limited', 'full'] as const).flatMap((range) =>
      ([8, 10] as const).map((bits): PictureFormat => ({ width: 96, height: 64, matrix, range, bits })),
    ),
  );

  /** What ffmpeg makes of a picture in red, green and blue. */
  const filterTo = ({ matrix, range, bits }: PictureFormat, chroma: string, sharp = 'area') =>
    `scale=out_color_matrix=${NAMES[matrix]}:out_range=${range}:out_${chroma}:out_v_chr_pos=128:` +
    `flags=${sharp}+${EXACT},format=${bits === 8 ? 'yuv420p' : 'yuv420p10le'}`;

  it.each(formatsHere)(
    'becomes the red, green and blue that ffmpeg makes of it: $matrix, $range, $bits bits',
    async (format) => {
      const filters = `${SOURCE},${filterTo(format, LEFT)}`;
      const picture = await rawPicture(filters, format.bits === 8 ? 'yuv420p' : 'yuv420p10le');
      const rgb = rgbOf(picture, format, whole(format), 1);
      const back = (chroma: string) =>
        rgbPicture(
          `${filters},scale=in_color_matrix=${NAMES[format.matrix]}:in_range=${format.range}:out_range=full:` +
            `in_${chroma}:in_v_chr_pos=128:flags=bilinear+${EXACT}`,
        );
      // ffmpeg's own conversion keeps no more than a step of 8 bits.
      const theirs = await back(LEFT);
      expect(farthest(rgb, theirs) * 255).toBeLessThan(1.1);
      expect(psnr(rgb, theirs, 1)).toBeGreaterThan(54);
      expect(psnr(rgb, await back(CENTRE), 1)).toBeLessThan(40);
    },
  );

  it.each(formatsHere)(
    'is made of red, green and blue as ffmpeg makes it: $matrix, $range, $bits bits',
    async (format) => {
      const pixels = format.bits === 8 ? 'yuv420p' : 'yuv420p10le';
      const ours = samplesOf(pictureOf(await rgbPicture(SOURCE), format, 1), format);
      const theirs = async (chroma: string) =>
        samplesOf(await rawPicture(`${SOURCE},${filterTo(format, chroma)}`, pixels), format);
      expect(farthest(ours, await theirs(LEFT))).toBeLessThanOrEqual(2 * 2 ** (format.bits - 8));
      const luma = format.width * format.height;
      const chromaOf = (samples: Uint8Array | Uint16Array) => samples.subarray(luma);
      expect(psnr(chromaOf(ours), chromaOf(await theirs(LEFT)), 2 ** format.bits - 1)).toBeGreaterThan(50);
      expect(psnr(chromaOf(ours), chromaOf(await theirs(CENTRE)), 2 ** format.bits - 1)).toBeLessThan(40);
    },
  );

  it('is the same in parts as in one piece', () => {
    const sides = { width: fc.integer({ min: 3, max: 25 }), height: fc.integer({ min: 3, max: 25 }) };
    const shape = fc.record({ ...sides, bits: fc.constantFrom(8, 10), seed: fc.nat(1000), cut: fc.nat(10) });
    fc.assert(
      fc.property(shape, ({ width, height, bits, seed, cut }) => {
        const format: PictureFormat = { width, height, bits, matrix: 'bt709', range: 'limited' };
        const noise = new Uint8Array(bytesOf(format)).map((_, n) => ((n + seed) * 2_654_435_761) >>> 11);
        if (bits === 10) for (let n = 1; n < noise.length; n += 2) noise[n] = (noise[n] as number) % 4;
        const all = rgbOf(noise, format, whole(format), 255);
        const inOne = pictureOf(all, format, 255);
        const inParts = new Float32Array(inOne.length / (bits / 8 > 1 ? 2 : 1));
        const [right, lower] = [2 * (cut % Math.ceil(width / 2)), 2 * (cut % Math.ceil(height / 2))];
        for (const [x, x2] of [
          [0, right],
          [right, width],
        ] as const) {
          for (const [y, y2] of [
            [0, lower],
            [lower, height],
          ] as const) {
            const keep = { x, y, width: x2 - x, height: y2 - y };
            const part = { ...keep, x: Math.max(0, x - 1), width: x2 - Math.max(0, x - 1) };
            paint(inParts, format, { rgb: rgbOf(noise, format, part, 255), part, keep }, 255);
          }
        }
        expect(Buffer.compare(rounded(inParts, format), inOne)).toBe(0);
      }),
    );
  });

  it('of 10 bits may lie on an odd address', () => {
    const format: PictureFormat = { width: 4, height: 2, bits: 10, matrix: 'bt709', range: 'limited' };
    const picture = pictureOf(flat(GREEN, format, 1), format, 1);
    const odd = new Uint8Array(picture.length + 1).subarray(1);
    odd.set(picture);
    expect(rgbOf(odd, format, whole(format), 1)).toEqual(rgbOf(picture, format, whole(format), 1));
  });

  it('has as many samples as ffmpeg gives it, whatever its size', async () => {
    for (const [width, height] of [
      [16, 16],
      [17, 16],
      [16, 15],
      [17, 15],
    ] as const) {
      const format: PictureFormat = { width, height, bits: 10, matrix: 'bt709', range: 'limited' };
      const picture = await rawPicture(`color=s=${width}x${height},format=rgb24,format=yuv420p10le`, 'yuv420p10le');
      expect(bytesOf(format)).toBe(picture.length);
      expect(chromaSize(format)).toEqual({ width: Math.ceil(width / 2), height: 8 });
    }
  });
});
