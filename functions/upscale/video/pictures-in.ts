import { FfmpegError, input, startFfmpeg } from '../../../shared/media/ffmpeg.ts';
import { mayPass } from '../../../shared/media/may-pass.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { bytesOf } from '../picture-format.ts';
import { clockLead, TIME_LIMIT_SECONDS } from './clock.ts';
import { cutOff, saysCutOff } from './cut-off.ts';
import type { Film } from './film.ts';
import type { TimeBase } from './nut.ts';
import { NutReader } from './nut-reader.ts';

/** A picture and when it is shown, in ticks of its film's time base. */
export interface TimedPicture {
  picture: Uint8Array;
  pts: number;
}

/**
 * All pictures of a film in the order shown, each with the time that its file gives it, on the clock that the film's
 * larger copy has, too. ffmpeg hands them over as NUT, so that a time never gets lost between it and its picture. No
 * more is decoded than what is taken, but for what a pipe and ffmpeg itself hold.
 *
 * @throws {Refusal} when they can't be decoded, or the file is cut off.
 */
export async function* picturesOf(film: Film, signal?: AbortSignal): AsyncGenerator<TimedPicture, void> {
  const { file, format, timeBase } = film;
  const stop = new AbortController();
  const running = await startFfmpeg(decoding(film), {
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  });
  // Whoever stops taking pictures isn't told why ffmpeg ended.
  running.ended.catch(() => {});
  let last: number | null = null;
  try {
    const nut = await NutReader.open(running.stdout);
    if (nut) {
      const parts = partsOf(nut.timeBase, timeBase);
      const offset = clockLead(film).ticks + Math.round((film.zeroSeconds * timeBase.den) / timeBase.num);
      for await (const { data, pts } of nut.frames()) {
        if (data.length !== bytesOf(format))
          throw new Error(`ffmpeg gave a picture of ${data.length} bytes for ${file}`);
        last = pts / parts - offset;
        yield { picture: data, pts: last };
      }
    }
    const { log } = await running.ended;
    if (last === null) throw undecodable(film);
    if (saysCutOff(log)) throw cutOff(file, (last * timeBase.num) / timeBase.den);
  } catch (error) {
    // ffmpeg's own failure explains what is missing in the pipe; with more to come in it, it hasn't failed.
    if (running.stdout.readableEnded)
      await running.ended.catch((failure: unknown) => {
        if (failure instanceof FfmpegError && !mayPass(failure)) throw undecodable(film);
        throw failure;
      });
    throw error;
  } finally {
    stop.abort();
    // It hasn't ended as long as there is something to read.
    running.stdout.destroy();
    await running.ended.catch(() => {});
  }
}

const undecodable = ({ file, codec }: Film) =>
  new Refusal(
    `The pictures of ${file} can't be decoded (${codec}): export it as MP4 (H.264), without copy protection, and use that`,
  );

function decoding(film: Film): string[] {
  const { timeBase, format, index, source } = film;
  return [
    // Times as the file gives them, ahead by a constant since NUT has none below zero, and on the file's own time base:
    // left to
    // itself, ffmpeg would round them to frames of the nominal rate.
    ...['-v', 'error', '-copyts', ...input(source, '-itsoffset', String(clockLead(film).seconds))],
    ...['-map', `0:${index}`, '-filter:v', conversion(film).join(','), '-vsync', 'passthrough'],
    ...['-enc_time_base', `${timeBase.num}:${timeBase.den}`, '-c:v', 'rawvideo', '-pix_fmt', PIXELS[format.bits]],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-f', 'nut', 'pipe:1'],
  ];
}

/** ffmpeg's names of what pictures are: YUV 4:2:0 in planes. */
export const PIXELS = { 8: 'yuv420p', 10: 'yuv420p10le' } as const;

/** By how much NUT's ticks are finer: ffmpeg divides those of slow clocks. */
function partsOf(nut: TimeBase, own: TimeBase): number {
  const parts = (BigInt(own.num) * BigInt(nut.den)) / (BigInt(own.den) * BigInt(nut.num));
  if (parts * BigInt(own.den) * BigInt(nut.num) !== BigInt(own.num) * BigInt(nut.den))
    throw new Error(`ffmpeg counts time in ${nut.num}/${nut.den} s, not in parts of ${own.num}/${own.den} s`);
  return Number(parts);
}

/** Where 4:2:0 has its chroma, in 256ths of a luma sample from the first one: across, down. */
const LEFT = [0, 128] as const;
const CHROMA_PLACES: Readonly<Record<string, readonly [number, number]>> = {
  left: LEFT,
  center: [128, 128],
  topleft: [0, 0],
  top: [128, 0],
  bottomleft: [0, 256],
  bottom: [128, 256],
};

/**
 * Filters that make pictures of a film's format out of what its decoder gives. ffmpeg has turned them upright before;
 * what is of the format already isn't touched.
 */
function conversion({ format, stored }: Film): string[] {
  const { width, height, range } = format;
  const pixels = `format=${PIXELS[format.bits]}`;
  const [across, down] = CHROMA_PLACES[stored.chroma.location] ?? LEFT;
  const from = [
    ...(stored.chroma.acrossHalved ? [`in_h_chr_pos=${across}`] : []),
    ...(stored.chroma.downHalved ? [`in_v_chr_pos=${down}`] : []),
  ];
  // Left to itself, swscale would put chroma between two columns, half a sample from where H.264 has it.
  const to = [`out_h_chr_pos=${LEFT[0]}`, `out_v_chr_pos=${LEFT[1]}`];
  const how = 'flags=bicubic+accurate_rnd+full_chroma_inp';
  const size = `${width}:${height}:${how}`;
  const ranges = stored.rgb
    ? ['in_range=full', `out_range=${range}`, `out_color_matrix=${format.matrix}`]
    : [`in_range=${range}`, `out_range=${range}`];
  const deinterlace = stored.interlaced ? ['yadif=mode=send_frame:deint=all'] : [];
  const moved = stored.chroma.downHalved && (across !== LEFT[0] || down !== LEFT[1]);
  if (!moved) return [...deinterlace, `scale=${[size, ...from, ...to, ...ranges].join(':')}`, pixels];
  // swscale moves chroma only where it changes how much of it there is.
  return [
    ...deinterlace,
    `scale=${[size, ...from, ...ranges].join(':')}`,
    `format=${format.bits === 8 ? 'yuv444p' : 'yuv444p10le'}`,
    `scale=${[size, ...to, ...ranges].join(':')}`,
    pixels,
  ];
}
