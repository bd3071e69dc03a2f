import { ffprobe, input } from '../../shared/media/ffmpeg.ts';

const LIMIT_SECONDS = 120;
/** Decoding from so early on costs less than looking for a place to enter. */
const FROM_THE_START_SECONDS = 3;
/** A picture is only whole some way after the key frame in streams that refresh bit by bit or refer across key frames. */
const RUN_UP_SECONDS = 1;

export interface Entry {
  /** Time of the first picture that can be decoded, on the file's clock. */
  firstSeconds: number;
  /** Where to enter the file, on its clock: a little before a key frame. Null: at the start. */
  seekSeconds: number | null;
}

/**
 * Where to enter a clip so that the picture `seconds` after its first one is decoded whole, without reading what is
 * before it: the last key frame that is early enough. Not every container knows its key frames when told to seek
 * (MPEG-TS enters anywhere), so they are looked for among the packets.
 */
export async function entryFor(
  source: string,
  streamIndex: number,
  seconds: number,
  signal?: AbortSignal,
): Promise<Entry> {
  const firstSeconds = await firstPicture(source, streamIndex, signal);
  if (seconds < FROM_THE_START_SECONDS) return { firstSeconds, seekSeconds: null };
  const latest = firstSeconds + seconds - RUN_UP_SECONDS;
  for (let back = 0.5; back < seconds; back *= 4) {
    const start = latest - back;
    const packets = await times(source, streamIndex, `${start}%${latest}`, 'packet', signal);
    const keys = packets.filter(({ key, at }) => key && at <= latest).map(({ at }) => at);
    // ffmpeg itself steps back a little from where it is told to enter; a hair before the key frame is never too late.
    if (keys.length > 0) return { firstSeconds, seekSeconds: Math.max(...keys) - 0.002 };
  }
  return { firstSeconds, seekSeconds: null };
}

/** A recording cut out of a broadcast starts with pictures that lack what they refer to: the first that decodes counts. */
async function firstPicture(source: string, streamIndex: number, signal?: AbortSignal): Promise<number> {
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
