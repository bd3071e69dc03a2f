import { conversionOf, sampleOf, samplesIn } from './colour.ts';
import { bytesOf, chromaSize, enlarged, type PictureFormat } from './picture-format.ts';

/** Where a small sample lies among large ones, along one side: its place times the scale, and this much more. */
interface Side {
  scale: number;
  offset: number;
}

/** The large samples that make up a small one, from its place times the scale on, and their shares. */
export interface Shares {
  first: number;
  shares: readonly number[];
}

/** A plane of a picture: where its samples begin in the small and in the large picture, its sizes, and how they lie. */
export interface PlanePair {
  small: { at: number; width: number; height: number };
  large: { at: number; width: number; height: number };
  across: Side;
  down: Side;
  /** The sample of 0, and how many steps make 1. */
  zero: number;
  one: number;
}

/** Planes of a small picture and of the one that is made of it. Chroma lies on the left of two columns. */
export function planePairs(small: PictureFormat, scale: number): [y: PlanePair, u: PlanePair, v: PlanePair] {
  const large = enlarged(small, scale);
  const [few, many] = [chromaSize(small), chromaSize(large)];
  const { luma, chroma } = conversionOf(small);
  const middle = { scale, offset: (scale - 1) / 2 };
  const left = { scale, offset: (scale - 1) / 4 };
  const chromaPair = (plane: 0 | 1): PlanePair => ({
    small: { at: small.width * small.height + plane * few.width * few.height, ...few },
    large: { at: large.width * large.height + plane * many.width * many.height, ...many },
    ...{ across: left, down: middle, ...chroma },
  });
  return [
    {
      small: { at: 0, width: small.width, height: small.height },
      large: { at: 0, width: large.width, height: large.height },
      ...{ across: middle, down: middle, ...luma },
    },
    chromaPair(0),
    chromaPair(1),
  ];
}

/** A small sample is the mean of the light on its area: shares of large samples in it. */
export function sharesOf({ scale, offset }: Side): Shares {
  const [from, to] = [offset - scale / 2, offset + scale / 2];
  const first = Math.round(from);
  const shares: number[] = [];
  for (let at = first; at - 0.5 < to; at++) shares.push((Math.min(to, at + 0.5) - Math.max(from, at - 0.5)) / scale);
  return { first, shares };
}

/** Of four small samples, beginning so many places before its own, what is a large one's, for each place within a small one (Keys 1981). */
export const cubicsOf = ({ scale, offset }: Side): { before: number; shares: readonly number[] }[] =>
  Array.from({ length: scale }, (_, place) => {
    const at = (place - offset) / scale;
    const whole = Math.floor(at);
    return { before: 1 - whole, shares: [-1, 0, 1, 2].map((near) => cubic(at - whole - near)) };
  });

function cubic(distance: number): number {
  const t = Math.abs(distance);
  if (t < 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
  return t < 2 ? -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2 : 0;
}

/**
 * Makes a large picture true to the small one that it was made of: what its means miss of the small samples is added,
 * smoothly (back-projection, Irani and Peleg 1991; one turn of it). Networks that were trained to look sharp shift tones and
 * colours and take grain away; this gives them back.
 *
 * @param planes the large picture's samples as numbers, Y from 0 to 1, U and V around 0, as `paint` leaves them.
 */
export function trueTo(
  picture: Uint8Array,
  small: PictureFormat,
  planes: Float32Array,
  scale: number,
): Uint8Array<ArrayBuffer> {
  const large = enlarged(small, scale);
  const given = samplesIn(picture, small);
  const made = new Uint8Array(bytesOf(large));
  const samples = large.bits === 8 ? made : new Uint16Array(made.buffer);
  const { most } = conversionOf(small);
  for (const pair of planePairs(small, scale)) {
    const missing = missingOf(given, planes, pair);
    const { width, height, at } = pair.large;
    const across = cubicsOf(pair.across);
    const down = cubicsOf(pair.down);
    const row = new Float32Array(pair.small.width);
    for (let y = 0; y < height; y++) {
      const { before, shares } = down[y % scale] as (typeof down)[number];
      row.fill(0);
      for (const [i, share] of shares.entries()) {
        const from = inside(Math.floor(y / scale) - before + i, pair.small.height) * pair.small.width;
        for (let x = 0; x < row.length; x++) row[x] = (row[x] as number) + share * (missing[from + x] as number);
      }
      for (let x = 0; x < width; x++) {
        const { before: left, shares: four } = across[x % scale] as (typeof across)[number];
        const first = Math.floor(x / scale) - left;
        let value = planes[at + y * width + x] as number;
        for (let i = 0; i < 4; i++) value += (four[i] as number) * (row[inside(first + i, row.length)] as number);
        samples[at + y * width + x] = sampleOf(value, pair, most);
      }
    }
  }
  return made;
}

/** What means of the large plane miss of each small sample. */
function missingOf(
  given: Uint8Array | Uint16Array,
  planes: Float32Array,
  { small, large, across, down, zero, one }: PlanePair,
) {
  const [columns, rows] = [sharesOf(across), sharesOf(down)];
  const missing = new Float32Array(small.width * small.height);
  for (let y = 0; y < small.height; y++)
    for (let x = 0; x < small.width; x++) {
      let mean = 0;
      for (const [j, down] of rows.shares.entries()) {
        const from = large.at + inside(y * across.scale + rows.first + j, large.height) * large.width;
        for (const [i, share] of columns.shares.entries())
          mean += down * share * (planes[from + inside(x * across.scale + columns.first + i, large.width)] as number);
      }
      const place = y * small.width + x;
      missing[place] = ((given[small.at + place] as number) - zero) / one - mean;
    }
  return missing;
}

/** Beyond an edge is the edge again. */
const inside = (place: number, length: number): number => Math.min(length - 1, Math.max(0, place));
