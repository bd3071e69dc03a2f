import { z } from 'zod';
import { framesPerSecond, secondsAt } from '../../shared/frame-rate.ts';
import { ffprobe } from '../../shared/media/ffmpeg.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { startsWithIndex } from './boxes.ts';

const TIME_LIMIT_SECONDS = 120;
/** One AAC frame: sound can't end more exactly. */
const SOUND_TOLERANCE_SECONDS = 1024 / 48_000;
/** Times are read in microseconds. */
const ROUNDING_SECONDS = 2e-6;

const seconds = z.coerce.number();
const FoundSchema = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string(),
      codec_name: z.string(),
      start_time: seconds,
      duration: seconds,
      width: z.number().optional(),
      height: z.number().optional(),
      avg_frame_rate: z.string(),
    }),
  ),
  packets: z.array(z.object({ pts_time: seconds, dts_time: seconds })),
});
type Found = z.infer<typeof FoundSchema>;

/**
 * Reads the finished file without decoding it; resolves to its picture's duration in seconds.
 *
 * @throws {Error} saying all that is not as planned.
 */
export async function inspectMontage(path: string, timeline: Timeline, signal?: AbortSignal): Promise<number> {
  const fields = 'codec_type,codec_name,start_time,duration,width,height,avg_frame_rate';
  // Packets of the picture only; the streams are listed all the same.
  const text = await ffprobe(
    [
      '-v',
      'error',
      '-of',
      'json',
      '-select_streams',
      'v',
      '-show_entries',
      'packet=pts_time,dts_time',
      '-i',
      `file:${path}`,
    ],
    { timeLimitSeconds: TIME_LIMIT_SECONDS, signal },
  );
  const listed = await ffprobe(
    ['-v', 'error', '-of', 'json', '-show_entries', `stream=${fields}`, '-i', `file:${path}`],
    {
      timeLimitSeconds: TIME_LIMIT_SECONDS,
      signal,
    },
  );
  const found = FoundSchema.parse({ ...JSON.parse(text), ...JSON.parse(listed) });
  const faults = faultsOf(found, timeline);
  if (!(await startsWithIndex(path)))
    faults.push('its index lies behind the media, so it could not start while it loads');
  if (faults.length > 0) throw new Error(`The finished montage is not as planned: ${faults.join('; ')}`);
  return found.streams[0]?.duration ?? 0;
}

/** What is not as planned, each in a few words. */
export function faultsOf(found: Found, { frameRate, frames, width, height }: Timeline): string[] {
  const [video, audio, ...others] = found.streams;
  if (video?.codec_type !== 'video' || audio?.codec_type !== 'audio' || others.length > 0) {
    return [
      `it has the streams ${found.streams.map((stream) => stream.codec_type).join(', ') || 'none'}, not video, audio`,
    ];
  }
  const planned = secondsAt(frames, frameRate);
  const shown = found.packets.map((packet) => packet.pts_time).sort((a, b) => a - b);
  const faults: string[] = [];
  const check = (right: boolean, fault: string) => {
    if (!right) faults.push(fault);
  };
  check(video.codec_name === 'h264' && audio.codec_name === 'aac', `it is ${video.codec_name} and ${audio.codec_name}`);
  check(
    video.width === width && video.height === height,
    `it is ${video.width}×${video.height}, not ${width}×${height}`,
  );
  check(shown.length === frames, `it has ${shown.length} pictures, not ${frames}`);
  check(
    framesPerSecond(video.avg_frame_rate) === framesPerSecond(frameRate),
    `its rate is ${video.avg_frame_rate}, not ${frameRate}`,
  );
  const misplaced = shown.findIndex((time, i) => Math.abs(time - secondsAt(i, frameRate)) > ROUNDING_SECONDS);
  check(misplaced < 0, `picture ${misplaced} is shown at ${shown[misplaced]} s`);
  const decode = found.packets.map((packet) => packet.dts_time);
  const backwards = decode.findIndex((time, i) => i > 0 && time <= (decode[i - 1] as number));
  check(backwards < 0, `decode times go back at packet ${backwards}`);
  check(Math.abs(audio.start_time) < ROUNDING_SECONDS, `its sound starts at ${audio.start_time} s`);
  check(
    Math.abs(audio.duration - planned) <= SOUND_TOLERANCE_SECONDS,
    `its sound lasts ${audio.duration} s, not ${planned} s`,
  );
  return faults;
}
