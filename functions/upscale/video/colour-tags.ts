import type { Probe } from '../../../shared/media/probe.ts';
import { Refusal } from '../../../shared/refusal.ts';
import type { Matrix, PictureFormat } from '../picture-format.ts';

type Video = NonNullable<Probe['video']>;

/** What a video's colours are, as ffmpeg names it. */
export interface ColourTags {
  primaries: string;
  transfer: string;
  space: string;
}

/**
 * The matrices that there are by ffprobe's names, each by the one of ours that is it or, of rare ones, nearest to it.
 */
const MATRICES: Readonly<Record<string, Matrix>> = {
  bt709: 'bt709',
  smpte240m: 'bt709',
  smpte170m: 'bt601',
  bt470bg: 'bt601',
  fcc: 'bt601',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
};
const UNSAID = new Set(['unknown', 'unspecified', 'reserved']);

/**
 * How a video's samples are to be read and what its larger copy says of them: all that the video says itself, and what
 * it leaves unsaid as it is taken at its own size, since a player would take a larger picture for something else.
 *
 * @throws {Refusal} when they are in none of the matrices.
 */
export function colourOf(
  video: Video,
  rgb: boolean,
  file: string,
): Pick<PictureFormat, 'matrix' | 'range'> & { tags: ColourTags } {
  const { primaries, transfer, space, range } = video.colour;
  const taken = takenAs(video);
  const said = (value: string, otherwise: string) => (UNSAID.has(value) ? otherwise : value);
  // RGB has no matrix of its own: it is brought into the one that its size would be taken to have.
  const own = rgb ? taken.space : said(space, taken.space);
  const matrix = MATRICES[own];
  if (!matrix)
    throw new Refusal(`The colours of ${file} are in ${own}, which nothing here understands: export it in BT.709`);
  return {
    matrix,
    range: rgb ? 'limited' : range,
    tags: { primaries: said(primaries, taken.primaries), transfer: said(transfer, taken.transfer), space: own },
  };
}

/**
 * As players take what says nothing: HDR by what it does say, standard definition as BT.601, and anything larger as
 * BT.709.
 */
function takenAs({ width, height, colour }: Video): ColourTags {
  const wide = colour.primaries === 'bt2020' || ['smpte2084', 'arib-std-b67'].includes(colour.transfer);
  if (wide) return { primaries: 'bt2020', transfer: 'bt2020-10', space: 'bt2020nc' };
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  if (long >= 1280 || short > 576) return { primaries: 'bt709', transfer: 'bt709', space: 'bt709' };
  // Only the sizes of television tell its primaries: other small pictures were made on computers.
  const primaries = { 576: 'bt470bg', 486: 'smpte170m', 480: 'smpte170m' }[short] ?? 'bt709';
  return { primaries, transfer: 'smpte170m', space: 'smpte170m' };
}
