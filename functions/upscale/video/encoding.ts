import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { nearestFrame } from '../../../shared/frame-rate.ts';
import { startFfmpeg } from '../../../shared/media/ffmpeg.ts';
import { Refusal } from '../../../shared/refusal.ts';
import type { PictureFormat } from '../picture-format.ts';
import type { Film } from './film.ts';
import type { Hdr10 } from './hdr10.ts';
import { PIXELS } from './pictures-in.ts';

/** How pictures are encoded: x264's and x265's own. */
export interface Coding {
  crf: number;
  preset: string;
}

export type Encoder = 'libx264' | 'libx265';

const TIME_LIMIT_SECONDS = 60;
const KEY_FRAME_SECONDS = 2;

/** Of 4:2:0 in odd sizes players make what they like: the last column or row is left out. */
export const evenSized = (format: PictureFormat): PictureFormat => ({
  ...format,
  width: format.width - (format.width % 2),
  height: format.height - (format.height % 2),
});

/** x264 of today takes no longer side; that of 2018 and x265 take more, and players don't. */
const MOST_SIDE = 16_384;
/** x265's smallest block, which a picture must have room for. */
const LEAST_X265_SIDE = 16;
/** ITU-T H.264 and H.265, level 6.2: samples of luma in a picture. */
const MOST_PIXELS = 35_651_584;

/** @throws {Refusal} when pictures of these sizes are more than can be encoded, or played. */
export function refuseTooLarge({ width, height }: PictureFormat, file: string): void {
  const would = `${file} would become ${width}×${height}`;
  if (width * height > MOST_PIXELS) throw new Refusal(`${would}: players take no more than 8192×4352`);
  if (Math.max(width, height) > MOST_SIDE)
    throw new Refusal(`${would}: no side may be longer than ${MOST_SIDE}; make it larger by less, or cut off its ends`);
}

/** H.264 for 8 bits; H.265 for 10, which is what plays HDR, or H.264 where ffmpeg has nothing else, or it is too small. */
export async function encoderFor(format: PictureFormat): Promise<Encoder> {
  const { width, height } = evenSized(format);
  if (format.bits === 8 || Math.min(width, height) < LEAST_X265_SIDE) return 'libx264';
  const running = await startFfmpeg(['-v', 'error', '-encoders'], { timeLimitSeconds: TIME_LIMIT_SECONDS });
  const [listed] = await Promise.all([text(running.stdout), running.ended]);
  return listed.includes(' libx265 ') ? 'libx265' : 'libx264';
}

/** Options of ffmpeg's output that encode a film's large pictures, which are of `format` and are input 0. */
export function encoding(film: Film, format: PictureFormat, coding: Coding, encoder: Encoder): string[] {
  const { num, den } = film.timeBase;
  const { width, height } = evenSized(format);
  const tagging = colourTagging(film);
  return [
    ...['-map', '0:v:0', '-filter:v', `crop=${width}:${height}:0:0,${tagging.filter}`],
    ...['-vsync', 'passthrough', '-enc_time_base', `${num}:${den}`],
    ...[...encoderOptions(film, format, coding, encoder), ...tagging.options],
  ];
}

/** What -color_trc calls otherwise than ffprobe and setparams do. */
const TRANSFER_OPTIONS: Readonly<Record<string, string>> = { bt470m: 'gamma22', bt470bg: 'gamma28' };

/**
 * A filter and options that have the encoder write what the film says of its colours: from ffmpeg 7 on the pictures say
 * it.
 */
function colourTagging({ colour, format }: Film): { filter: string; options: string[] } {
  const { primaries, transfer, space } = colour;
  const range = format.range === 'full' ? 'pc' : 'tv';
  return {
    filter: `setparams=range=${range}:color_primaries=${primaries}:color_trc=${transfer}:colorspace=${space}`,
    options: [
      ...['-color_primaries', primaries, '-color_trc', TRANSFER_OPTIONS[transfer] ?? transfer],
      ...['-colorspace', space, '-color_range', range],
    ],
  };
}

/** x264 of old has no place for what HDR10 says of a film. */
function encoderOptions(film: Film, large: PictureFormat, { crf, preset }: Coding, encoder: Encoder): string[] {
  const { format, frameRate, hdr10 } = film;
  const keys = String(nearestFrame(KEY_FRAME_SECONDS, frameRate));
  const common = ['-c:v', encoder, '-preset', preset, '-crf', String(crf), '-g', keys, '-pix_fmt', PIXELS[format.bits]];
  const { threads, larger } = withinMemory(large);
  if (encoder === 'libx264')
    return [
      ...[...common, '-profile:v', format.bits === 8 ? 'high' : 'high10', '-threads', String(threads)],
      ...(larger ? ['-x264-params', 'rc-lookahead=10'] : []),
    ];
  const params = [
    ...['log-level=error', `range=${format.range}`],
    ...(larger ? ['pools=2', 'frame-threads=1', 'rc-lookahead=3', 'bframes=2', 'ref=2'] : [`pools=${threads}`]),
    ...hdr10Params(hdr10),
  ];
  return [...common, '-profile:v', 'main10', '-x265-params', params.join(':')];
}

/** 3840 × 2160. */
const ULTRA_HD_PIXELS = 8_294_400;
/** As many threads as fit beside the pictures that are held: each takes a picture or some 70 MB more. */
const MOST_THREADS = 16;

/**
 * Keeps an encoder within the memory that an ffmpeg may have, 6 GiB, by fewer threads and pictures that are looked at
 * ahead. At 7680 × 4320 x264 takes 4.5 GiB of address space so, and x265 5.7; by their own choice both fail there, and
 * at 3840 × 2160 from some 30 threads on.
 */
function withinMemory({ width, height }: PictureFormat): { threads: number; larger: boolean } {
  const share = Math.max(1, (width * height) / ULTRA_HD_PIXELS);
  const threads = Math.min(Math.ceil(1.5 * availableParallelism()), Math.floor(MOST_THREADS / share));
  return { threads, larger: share > 1.1 };
}

function hdr10Params({ screen, light }: Hdr10): string[] {
  const point = ([x, y]: readonly [number, number]) => `(${x},${y})`;
  const colours =
    screen && `G${point(screen.green)}B${point(screen.blue)}R${point(screen.red)}WP${point(screen.white)}`;
  return [
    ...(screen ? [`master-display=${colours}L(${screen.brightest},${screen.darkest})`] : []),
    ...(light ? [`max-cll=${light.pixel},${light.picture}`] : []),
  ];
}
