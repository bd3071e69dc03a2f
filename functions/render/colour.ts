import type { Size } from '../../shared/fit.ts';
import type { Probe } from '../../shared/media/probe.ts';

type Colour = NonNullable<Probe['video']>['colour'];

/** ITU-R BT.2408: where paper white lies in HDR, and the peak that most of it is graded for, in cd/m². */
const HDR_WHITE_NITS = 203;
const HDR_PEAK_NITS = 1000;

/** Names of the luma-chroma matrices: ffprobe's, swscale's. */
const MATRICES: Readonly<Record<string, string>> = {
  bt709: 'bt709',
  smpte170m: 'smpte170m',
  bt470bg: 'bt470',
  fcc: 'fcc',
  smpte240m: 'smpte240m',
};

/**
 * Filters that scale a picture to `size` and make it 8-bit 4:2:0 BT.709 in limited range, whatever it was: HDR by PQ or HLG,
 * wide gamut, BT.601, full range, RGB. A picture that is all that already isn't touched.
 */
export function toBt709(colour: Colour, shown: Size, size: Size): string[] {
  const scale = `scale=${size.width}:${size.height}:flags=bicubic`;
  const hdr = { smpte2084: 'smpte2084', 'arib-std-b67': 'arib-std-b67' }[colour.transfer];
  const range = colour.range === 'full' ? 'pc' : 'tv';
  if (hdr)
    return [
      `${scale}:in_range=${range}:out_range=${range}`,
      `zscale=tin=${hdr}:pin=2020:min=2020_ncl:rin=${range}:t=linear:p=709:npl=${HDR_WHITE_NITS}`,
      'format=gbrpf32le',
      // Mobius leaves skin and grey as they are and bends only what is brighter; the peak is given, since old and new
      // ffmpeg guess it differently.
      `tonemap=mobius:param=0.3:desat=0:peak=${HDR_PEAK_NITS / HDR_WHITE_NITS}`,
      'zscale=tin=linear:pin=709:t=709:p=709:m=709:r=tv',
      'format=yuv420p',
    ];
  if (colour.primaries === 'bt2020' || colour.space.startsWith('bt2020'))
    return [
      `${scale}:in_range=${range}:out_range=${range}`,
      `zscale=tin=709:pin=2020:min=2020_ncl:rin=${range}:t=709:p=709:m=709:r=tv`,
      'format=yuv420p',
    ];
  const matrix = matrixOf(colour, shown);
  // Naming equal matrices would make swscale copy the picture through RGB.
  const convert = matrix === 'bt709' ? '' : `:in_color_matrix=${matrix}:out_color_matrix=bt709`;
  return [`${scale}${convert}:in_range=${range}:out_range=tv`, 'format=yuv420p'];
}

/** Without a tag, standard definition is BT.601 and anything larger BT.709, as players take it. */
function matrixOf({ space }: Colour, { width, height }: Size): string {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  const guess = long < 1280 && short <= 576 ? 'smpte170m' : 'bt709';
  return MATRICES[space] ?? guess;
}
