import { z } from 'zod';
import type { FrameRate } from '../../../shared/frame-rate.ts';
import { ffprobe, input } from '../../../shared/media/ffmpeg.ts';
import { probe } from '../../../shared/media/probe.ts';
import { Refusal } from '../../../shared/refusal.ts';
import type { PictureFormat } from '../picture-format.ts';
import { type ColourTags, colourOf } from './colour-tags.ts';
import { refuseCutOff } from './cut-off.ts';
import { type Hdr10, hdr10Of } from './hdr10.ts';
import type { TimeBase } from './nut.ts';

const TIME_LIMIT_SECONDS = 60;

/** A video to be made larger, as far as that must be known of it. */
export interface Film {
  /** A path or bridge URL. */
  source: string;
  /** What sentences call it. */
  file: string;
  container: string;
  /** Number of the picture's stream among all. */
  index: number;
  codec: string;
  /** As its pictures are read: upright, square pixels, 4:2:0. */
  format: PictureFormat;
  /** As its pictures are stored. */
  stored: {
    rgb: boolean;
    chroma: { acrossHalved: boolean; downHalved: boolean; location: string };
    interlaced: boolean;
    /** Bits of a sample, of which ten are kept at most. */
    bits: number;
    alpha: boolean;
  };
  colour: ColourTags;
  hdr10: Hdr10;
  /** What pictures' times are counted in. */
  timeBase: TimeBase;
  /** The nominal one: no picture's time goes by it. */
  frameRate: FrameRate;
  /** Where on the file's clock the film begins, in seconds: 0 where streams that start later are meant to. */
  zeroSeconds: number;
  /** Of the picture, as the file says, from its start on; 0 when it doesn't say. */
  durationSeconds: number;
  /** When the picture starts in it. */
  startSeconds: number;
  /** Codecs of all its sound, in order. */
  sound: readonly string[];
  /** All its subtitles, by their number among all streams. */
  subtitles: readonly { index: number; codec: string }[];
  /** Kinds of all its other streams, such as a cover, fonts or a camera's data; each once. */
  further: readonly string[];
  /** Names of what the file says about itself. */
  tagNames: readonly string[];
}

const text = z.string().default('unknown');
const whole = z.number().default(0);

const ReportSchema = z.object({
  pixel_formats: z.array(
    z.object({
      name: z.string(),
      log2_chroma_w: whole,
      log2_chroma_h: whole,
      flags: z.object({ rgb: whole, palette: whole, alpha: whole }),
      components: z.array(z.object({ bit_depth: z.number() })).default([]),
    }),
  ),
  format: z.object({ tags: z.record(z.string(), z.string()).default({}) }),
  streams: z.array(
    z.object({
      index: z.number(),
      codec_type: text,
      codec_name: text,
      codec_tag_string: text,
      time_base: z.string(),
      chroma_location: text,
      duration: z.coerce.number().optional().catch(undefined),
      disposition: z.object({ attached_pic: whole }).default({ attached_pic: 0 }),
      tags: z.object({ alpha_mode: z.string().optional() }).default({}),
      side_data_list: z.array(z.record(z.string(), z.unknown())).default([]),
    }),
  ),
});
type Report = z.infer<typeof ReportSchema>;
type Stream = Report['streams'][number];

interface LookOptions {
  file: string;
  signal?: AbortSignal | undefined;
}

/**
 * Looks at the video at a path or bridge URL, without decoding more than its first picture.
 *
 * @throws {Refusal} when it has no picture, or one whose colours nothing here understands, or is cut off.
 */
export async function lookAtFilm(source: string, { file, signal }: LookOptions): Promise<Film> {
  const { container, video, durationSeconds, startSeconds } = await probe(source, { file, signal });
  if (!video) throw new Refusal(`${file} has no picture that could be made larger`);
  await refuseCutOff({ source, file, container });
  const printed = await ffprobe(
    ['-v', 'error', '-show_pixel_formats', '-show_format', '-show_streams', '-of', 'json', ...input(source)],
    { timeLimitSeconds: TIME_LIMIT_SECONDS, signal },
  );
  const report = ReportSchema.parse(JSON.parse(printed));
  const stream = report.streams.find(({ index }) => index === video.index);
  const format = video.pixelFormat === 'unknown' ? await decodedFormat(source, video.index, signal) : video.pixelFormat;
  const pixels = report.pixel_formats.find(({ name }) => name === format);
  if (!stream || !pixels)
    throw new Refusal(
      `The pictures of ${file} can't be decoded (${video.codec}): export it as MP4 (H.264) and use that`,
    );
  refuseDolbyVision(stream, file);
  const rgb = pixels.flags.rgb + pixels.flags.palette > 0;
  const { matrix, range, tags } = colourOf(video, rgb, file);
  const storedBits = Math.max(...pixels.components.map(({ bit_depth }) => bit_depth));
  const bits = storedBits > 8 ? 10 : 8;
  const zeroSeconds = startsAtZero(container) ? 0 : startSeconds;
  return {
    ...{ source, file, container, index: video.index, codec: video.codec },
    format: { width: video.width, height: video.height, bits, matrix, range },
    stored: {
      rgb,
      chroma: {
        acrossHalved: pixels.log2_chroma_w > 0,
        downHalved: pixels.log2_chroma_h > 0,
        location: stream.chroma_location,
      },
      interlaced: video.interlaced,
      bits: storedBits,
      // VP8 and VP9 have it beside the pictures. A palette may have it, and hardly ever does.
      alpha: stream.tags.alpha_mode === '1' || (pixels.flags.alpha > 0 && pixels.flags.palette === 0),
    },
    colour: tags,
    hdr10: tags.transfer === 'smpte2084' ? await hdr10Of(source, stream, signal) : {},
    timeBase: timeBaseOf(stream),
    frameRate: video.frameRate,
    zeroSeconds,
    durationSeconds: stream.duration ?? durationSeconds,
    startSeconds: video.startSeconds - zeroSeconds,
    sound: report.streams.filter(({ codec_type }) => codec_type === 'audio').map(({ codec_name }) => codec_name),
    subtitles: report.streams
      .filter(({ codec_type }) => codec_type === 'subtitle')
      .map(({ index, codec_name: codec }) => ({ index, codec })),
    further: [...new Set(report.streams.filter((each) => each !== stream).flatMap(furtherKind))],
    tagNames: Object.keys(report.format.tags),
  };
}

/** What a stream is called that is neither sound nor subtitles. */
function furtherKind({ codec_type, codec_tag_string, disposition }: Stream): string[] {
  if (codec_type === 'audio' || codec_type === 'subtitle') return [];
  // In MP4 and QuickTime the titles of chapters are a stream of their own, too.
  if (codec_type === 'data' && codec_tag_string === 'text') return [];
  if (codec_type === 'video') return [disposition.attached_pic > 0 ? 'a cover' : 'further pictures'];
  return [codec_type === 'attachment' ? 'attached files' : 'data'];
}

/** Of a few pictures beside long sound, ffprobe says what they are only when it decodes one. */
async function decodedFormat(source: string, index: number, signal?: AbortSignal): Promise<string> {
  const first = ['-select_streams', String(index), '-read_intervals', '%+#1', '-show_entries', 'frame=pix_fmt'];
  const printed = await ffprobe(['-v', 'error', ...first, '-of', 'csv=p=0', ...input(source, '-threads', '1')], {
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    signal,
  });
  return /^\w+/.exec(printed.trim())?.[0] ?? 'unknown';
}

function timeBaseOf({ time_base }: Stream): TimeBase {
  const [num = 0, den = 0] = time_base.split('/').map(Number);
  return { num, den };
}

/** Whether a file's clock starts with the film; that of a broadcast starts anywhere. */
const startsAtZero = (container: string): boolean => container.startsWith('mov') || container.startsWith('matroska');

/** Pictures of which a part of the colours is said in Dolby's own way only: without it they are green and violet. */
function refuseDolbyVision({ side_data_list }: Stream, file: string): void {
  const dolby = side_data_list.find(({ side_data_type }) => side_data_type === 'DOVI configuration record');
  if (dolby?.dv_bl_signal_compatibility_id === 0)
    throw new Refusal(
      `${file} is Dolby Vision of profile ${dolby.dv_profile}, whose colours nothing here understands: export it as HDR10 or HLG`,
    );
}
