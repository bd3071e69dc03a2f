import { open } from 'node:fs/promises';
import { z } from 'zod';
import { type FrameRate, FrameRateSchema } from '../frame-rate.ts';
import { Refusal } from '../refusal.ts';
import { FfmpegError, ffprobe, input } from './ffmpeg.ts';
import { mayPass } from './may-pass.ts';
import { measuredRates, nominalRate } from './nominal-rate.ts';

const TIME_LIMIT_SECONDS = 60;

/** What a file of film or sound holds, as far as it matters here. Attached pictures (cover art) aren't video. */
const ProbeSchema = z.object({
  /** As ffmpeg names it, for example "mov,mp4,m4a,3gp,3g2,mj2". */
  container: z.string(),
  /** As the file says, of its longest stream; 0 when it doesn't say. */
  durationSeconds: z.number().nonnegative(),
  /** Where the file's clock starts, with the first of its streams. */
  startSeconds: z.number(),
  video: z
    .object({
      /** Number among all the file's streams, for `-map 0:<index>`. */
      index: z.number().int().nonnegative(),
      codec: z.string(),
      /** As shown: after rotation and sample aspect. */
      width: z.number().int().positive(),
      height: z.number().int().positive(),
      /** Degrees clockwise that the coded picture is to be turned by. */
      rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
      /** Nominal constant rate. */
      frameRate: FrameRateSchema,
      isVariable: z.boolean(),
      /** Time of the first picture on the file's clock. */
      startSeconds: z.number(),
      pixelFormat: z.string(),
      colour: z.object({
        transfer: z.string(),
        primaries: z.string(),
        space: z.string(),
        range: z.enum(['limited', 'full']),
      }),
      interlaced: z.boolean(),
    })
    .nullable(),
  audio: z
    .object({
      index: z.number().int().nonnegative(),
      codec: z.string(),
      channels: z.number().int().positive(),
      /** As ffmpeg names it, for example "stereo" or "5.1(side)". */
      layout: z.string(),
      sampleRate: z.number().int().positive(),
      startSeconds: z.number(),
    })
    .nullable(),
});
export type Probe = z.infer<typeof ProbeSchema>;

const numeral = z.coerce.number().optional().catch(undefined);
const name = z.string().default('unknown');

/** The part of ffprobe's JSON that is read; both versions of ffprobe give it. */
const ReportSchema = z.object({
  format: z.object({ format_name: z.string(), duration: numeral, start_time: numeral }),
  streams: z.array(
    z.object({
      index: z.number(),
      codec_type: z.string().default('unknown'),
      codec_name: name,
      width: z.number().default(0),
      height: z.number().default(0),
      sample_aspect_ratio: z.string().optional(),
      pix_fmt: name,
      color_range: name,
      color_space: name,
      color_transfer: name,
      color_primaries: name,
      field_order: name,
      r_frame_rate: z.string().default('0/0'),
      avg_frame_rate: z.string().default('0/0'),
      start_time: numeral,
      duration: numeral,
      channels: z.number().default(0),
      channel_layout: name,
      sample_rate: z.coerce.number().default(0),
      disposition: z.record(z.string(), z.number()).default({}),
      tags: z.record(z.string(), z.string()).default({}),
      side_data_list: z.array(z.object({ rotation: numeral })).default([]),
    }),
  ),
});
type Stream = z.infer<typeof ReportSchema>['streams'][number];

interface ProbeOptions {
  /** What sentences call the file: its name, or "The clip". */
  file: string;
  signal?: AbortSignal | undefined;
}

/**
 * Reads what the file at a path or bridge URL holds, without decoding it.
 *
 * @throws {Refusal} when it is no film or sound that can be read: empty, cut off before its index, or something else.
 */
export async function probe(source: string, { file, signal }: ProbeOptions): Promise<Probe> {
  const limits = { timeLimitSeconds: TIME_LIMIT_SECONDS, signal };
  const printed = await ffprobe(
    ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', ...input(source)],
    limits,
  ).catch(async (error: unknown) => {
    throw (await refusalOf(error, source, file)) ?? error;
  });
  const report = ReportSchema.parse(JSON.parse(printed));
  const picture = report.streams.find((stream) => stream.codec_type === 'video' && isFilm(stream));
  const sound = report.streams.find((stream) => stream.codec_type === 'audio' && stream.channels > 0);
  const { format } = report;
  // Matroska's length counts from its clock's zero and not from the first picture.
  const beforeStart = format.format_name.startsWith('matroska') ? Math.max(0, format.start_time ?? 0) : 0;
  const length = format.duration === undefined ? undefined : format.duration - beforeStart;
  const durations = [length, picture?.duration, sound?.duration].filter((value) => value !== undefined);
  return ProbeSchema.parse({
    container: format.format_name,
    durationSeconds: Math.max(0, ...durations),
    startSeconds: format.start_time ?? 0,
    video: picture ? await videoOf(picture, source, limits) : null,
    audio: sound
      ? {
          index: sound.index,
          codec: sound.codec_name,
          channels: sound.channels,
          layout: sound.channel_layout,
          sampleRate: sound.sample_rate,
          startSeconds: sound.start_time ?? 0,
        }
      : null,
  });
}

function isFilm(stream: Stream): boolean {
  return !stream.disposition.attached_pic && !stream.disposition.timed_thumbnails && stream.width * stream.height > 0;
}

async function videoOf(
  stream: Stream,
  source: string,
  limits: { timeLimitSeconds: number; signal: AbortSignal | undefined },
): Promise<Probe['video']> {
  const rotation = rotationOf(stream);
  const [shownWidth, shownHeight] = [Math.round(stream.width * aspectOf(stream.sample_aspect_ratio)), stream.height];
  const turned = rotation % 180 !== 0;
  const interlaced = ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order);
  const { frameRate, isVariable } = await rateOf(stream, interlaced, source, limits);
  return {
    index: stream.index,
    codec: stream.codec_name,
    width: Math.max(1, turned ? shownHeight : shownWidth),
    height: Math.max(1, turned ? shownWidth : shownHeight),
    rotation,
    frameRate,
    isVariable,
    startSeconds: stream.start_time ?? 0,
    pixelFormat: stream.pix_fmt,
    colour: {
      transfer: stream.color_transfer,
      primaries: stream.color_primaries,
      space: stream.color_space,
      range: stream.color_range === 'pc' || stream.pix_fmt.startsWith('yuvj') ? 'full' : 'limited',
    },
    interlaced,
  };
}

async function rateOf(
  stream: Stream,
  interlaced: boolean,
  source: string,
  limits: { timeLimitSeconds: number; signal: AbortSignal | undefined },
): Promise<{ frameRate: FrameRate; isVariable: boolean }> {
  const said = { base: fraction(stream.r_frame_rate), average: fraction(stream.avg_frame_rate), interlaced };
  const nominal = nominalRate(said);
  if (nominal) return nominal;
  // Neither number makes sense (live WebM says 1000/1 or 90000/1): the times of the first pictures decide.
  const range = ['-select_streams', String(stream.index), '-read_intervals', '%+10'];
  const show = ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
  const printed = await ffprobe([...range, ...show, ...input(source)], limits);
  const times = printed.split('\n').map(Number.parseFloat).filter(Number.isFinite);
  return nominalRate({ ...measuredRates(times), interlaced: false }) ?? { frameRate: '25/1', isVariable: false };
}

/** The display matrix where ffprobe shows one (counter-clockwise), else the tag that older ones show (clockwise). */
function rotationOf(stream: Stream): 0 | 90 | 180 | 270 {
  const matrix = stream.side_data_list.find((data) => data.rotation !== undefined)?.rotation;
  const clockwise = matrix !== undefined ? -matrix : Number(stream.tags.rotate ?? 0) || 0;
  return ([0, 90, 180, 270] as const)[((Math.round(clockwise / 90) % 4) + 4) % 4] ?? 0;
}

function aspectOf(ratio: string | undefined): number {
  const [across = 0, down = 0] = (ratio ?? '').split(':').map(Number);
  return across > 0 && down > 0 ? across / down : 1;
}

function fraction(text: string): number {
  const [numerator = 0, denominator = 0] = text.split('/').map(Number);
  return denominator > 0 ? numerator / denominator : 0;
}

/** The sentence for a file that ffprobe will never open, or null when trying again may help (network, memory, killed). */
async function refusalOf(error: unknown, source: string, file: string): Promise<Refusal | null> {
  if (!(error instanceof FfmpegError) || mayPass(error)) return null;
  const said = error.log.join('\n');
  if (!/Invalid data found|moov atom not found|End of file|whitelist|could not find codec param/i.test(said))
    return null;
  const head = await firstBytes(source, 12);
  if (head.length === 0) return new Refusal(`${file} is empty (0 bytes): copy it again from where it came`);
  if (MP4_BOXES.has(head.toString('latin1', 4, 8)) && /moov atom not found/i.test(said))
    return new Refusal(
      `${file} has no index, as when a recording or a copy was cut off: copy it again, or mend it with a video repair tool`,
    );
  return new Refusal(
    `${file} holds no video or sound that can be read, whatever its name says: export it as MP4 (H.264) and use that`,
  );
}

/** Boxes that an MP4 or QuickTime file starts with. */
const MP4_BOXES = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);

async function firstBytes(source: string, count: number): Promise<Buffer> {
  if (source.startsWith('http:')) {
    const answer = await fetch(source, { headers: { range: `bytes=0-${count - 1}` } });
    // 416: there is not even a first byte.
    if (!answer.ok && answer.status !== 416) throw new Error(`The bridge answered ${answer.status}`);
    const bytes = answer.ok ? Buffer.from(await answer.arrayBuffer()) : Buffer.alloc(0);
    return bytes.subarray(0, count);
  }
  const file = await open(source);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
