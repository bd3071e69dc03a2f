import { ffprobe, input } from '../../shared/media/ffmpeg.ts';
import type { Clip } from './clip.ts';

const LIMIT_SECONDS = 120;
/** Decoding from so early on costs less than looking for a place to enter. */
const FROM_THE_START_SECONDS = 3;
/** A picture is only whole some way after the key frame in streams that refresh bit by bit or refer across key frames. */
const RUN_UP_SECONDS = 1;

/** Containers whose index names every key frame, so that ffmpeg, told to enter at a time, enters at the key frame before it. */
const INDEXED = new Set(['mov,mp4,m4a,3gp,3g2,mj2']);

/**
 * The time, on the file's clock, to have ffmpeg seek to in a clip so that the picture `seconds` after its first one is decoded
 * whole, without reading all that is before it. Null: read from the start. Not every container knows its key frames when told
 * to seek (MPEG-TS enters anywhere), so there they are looked for among the packets.
 */
export async function entryFor(
  { container, video, firstSeconds }: Clip,
  source: string,
  seconds: number,
  signal?: AbortSignal,
): Promise<number | null> {
  if (seconds < FROM_THE_START_SECONDS) return null;
  const latest = firstSeconds + seconds - RUN_UP_SECONDS;
  if (INDEXED.has(container)) return latest;
  for (let back = 0.5; back < seconds; back *= 4) {
    const start = latest - back;
    const packets = await times(source, video.index, `${start}%${latest}`, 'packet', signal);
    const keys = packets.filter(({ key, at }) => key && at <= latest).map(({ at }) => at);
    // ffmpeg itself steps back a little from where it is told to enter; a hair before the key frame is never too late.
    if (keys.length > 0) return Math.max(...keys) - 0.002;
  }
  return null;
}

/**
 * Time of the first picture that can be decoded, on the file's clock: a recording cut out of a broadcast starts with pictures
 * that lack what they refer to.
 */
export async function firstPictureSeconds(source: string, streamIndex: number, signal?: AbortSignal): Promise<number> {
  for (const packets of [8, 128, 2048]) {
    const shown = await times(source, streamIndex, `%+#${packets}`, 'frame', signal);
    if (shown.length > 0) return Math.min(...shown.map(({ at }) => at));
  }
  return 0;
}

async function times(
  source: string,
  streamIndex: number,
  interval: string,
  of: 'packet' | 'frame',
  signal?: AbortSignal,
): Promise<{ at: number; key: boolean }[]> {
  const entries = of === 'packet' ? 'packet=pts_time,flags' : 'frame=best_effort_timestamp_time';
  const printed = await ffprobe(
    [
      ...['-v', 'error', '-select_streams', String(streamIndex), '-read_intervals', interval],
      ...['-show_entries', entries, '-of', 'compact=p=0:nk=1', ...input(source, '-threads', '1')],
    ],
    { timeLimitSeconds: LIMIT_SECONDS, signal },
  );
  return printed.split('\n').flatMap((line) => {
    const [time = '', flags = ''] = line.split('|');
    const at = Number.parseFloat(time);
    return Number.isFinite(at) ? [{ at, key: flags.startsWith('K') }] : [];
  });
}
