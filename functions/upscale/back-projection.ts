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

/** Of four small samples, which begin so many places before its own, what is a large one's. */
interface Cubic {
  before: number;
  shares: readonly [number, number, number, number];
}

/** For each place of a large sample within a small one, by cubic convolution (Keys 1981). */
export const cubicsOf = ({ scale, offset }: Side): Cubic[] =>
  Array.from({ length: scale }, (_, place) => {
    const at = (place - offset) / scale;
    const whole = Math.floor(at);
    return {
      before: 1 - whole,
      shares: [cubic(at - whole + 1), cubic(at - whole), cubic(at - whole - 1), cubic(at - whole - 2)],
    };
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
    const down = cubicsOf(pair.down);
    const across = cubicsOf(pair.across);
    const row = new Float32Array(pair.small.width + 2 * BESIDE);
    for (let y = 0; y < height; y++) {
      const { before, shares } = down[y % scale] as Cubic;
      row.fill(0);
      for (let i = 0; i < 4; i++) {
        const share = shares[i] as number;
        const from = inside(Math.floor(y / scale) - before + i, pair.small.height) * pair.small.width;
        for (let x = 0; x < pair.small.width; x++)
          row[x + BESIDE] = (row[x + BESIDE] as number) + share * (missing[from + x] as number);
      }
      row.fill(row[BESIDE] as number, 0, BESIDE);
      row.fill(row[row.length - BESIDE - 1] as number, row.length - BESIDE);
      for (const [place, cubic] of across.entries()) {
        const [a, b, c, d] = cubic.shares;
        const from = at + y * width;
        for (let x = place, near = BESIDE - cubic.before; x < width; x += scale, near++) {
          const missed =
            a * (row[near] as number) +
            b * (row[near + 1] as number) +
            c * (row[near + 2] as number) +
            d * (row[near + 3] as number);
          samples[from + x] = sampleOf((planes[from + x] as number) + missed, pair, most);
        }
      }
    }
  }
  return made;
}

/** As far beyond a row's ends as its samples are read. */
const BESIDE = 3;

/** What means of the large plane miss of each small sample. */
function missingOf(
  given: Uint8Array | Uint16Array,
  planes: Float32Array,
  { small, large, across, down, zero, one }: PlanePair,
): Float32Array {
  const [columns, rows] = [sharesOf(across), sharesOf(down)];
  const missing = new Float32Array(small.width * small.height);
  // A row of means of columns, and as much of its ends again as means of rows read beyond.
  const ends = across.scale + 1;
  const means = new Float32Array(large.width + 2 * ends);
  for (let y = 0; y < small.height; y++) {
    means.fill(0);
    for (const [j, share] of rows.shares.entries()) {
      const from = large.at + inside(y * down.scale + rows.first + j, large.height) * large.width;
      for (let x = 0; x < large.width; x++)
        means[ends + x] = (means[ends + x] as number) + share * (planes[from + x] as number);
    }
    means.fill(means[ends] as number, 0, ends);
    means.fill(means[means.length - ends - 1] as number, means.length - ends);
    const place = y * small.width;
    for (let x = 0; x < small.width; x++) missing[place + x] = ((given[small.at + place + x] as number) - zero) / one;
    for (const [i, share] of columns.shares.entries())
      for (let x = 0, at = ends + columns.first + i; x < small.width; x++, at += across.scale)
        missing[place + x] = (missing[place + x] as number) - share * (means[at] as number);
  }
  return missing;
}

/** Beyond an edge is the edge again. */
const inside = (place: number, length: number): number => Math.min(length - 1, Math.max(0, place));
