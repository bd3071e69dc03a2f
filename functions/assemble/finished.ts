import type { FrameRate } from '../../shared/frame-rate.ts';
import { ffmpeg, input } from '../../shared/media/ffmpeg.ts';
import { LoudnessMeter } from '../../shared/media/loudness.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { CHANNELS, decoded, PCM_FORMAT, SAMPLE_RATE } from './pcm.ts';

const TIME_LIMIT_SECONDS = 540;
/**
 * Named in full, since the defaults of the two ffmpegs differ. Of their coders and stereo tools this choice kept most of the
 * signal on music, drums and one-sided sound (48–71 dB of signal to noise where the defaults have 33–57), puts peaks up least
 * and takes a third of the time; what the tools save matters only at lower bit rates.
 */
const SOUND_CODEC = ['aac', '-b:a', '256k', '-aac_coder', 'fast', '-aac_ms', '0', '-aac_is', '0', '-aac_pns', '0'];
/** Silence in a report, which has no −Infinity: the absolute gate of BS.1770. */
const SILENCE_DB = -70;

export interface Loudness {
  integratedLufs: number;
  truePeakDb: number;
}

export interface Parts {
  timeline: Timeline;
  /** The joined segments. */
  picture: string;
  /** The mastered sound. */
  sound: string;
  out: string;
  signal?: AbortSignal | undefined;
}

/** Writes the finished MP4: the picture as it is, the sound as AAC, the index first, and of metadata only the title. */
export async function writeFinished({ timeline, picture, sound, out, signal }: Parts): Promise<void> {
  const inputs = [
    ...['-protocol_whitelist', 'file', '-f', 'nut', '-i', `file:${picture}`],
    ...input(sound, ...PCM_FORMAT),
  ];
  const streams = ['-map', '0:v:0', '-map', '1:a:0', '-c:v', 'copy', '-c:a', ...SOUND_CODEC];
  const clock = ['-video_track_timescale', String(ticksASecond(timeline.frameRate))];
  const plain = ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'];
  const title = timeline.title ? ['-metadata', `title=${printable(timeline.title)}`] : [];
  const file = ['-movflags', '+faststart+write_colr', '-f', 'mp4', `file:${out}`];
  await ffmpeg(['-v', 'error', ...inputs, ...streams, ...clock, ...plain, ...title, ...file], {
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    signal,
  });
}

/** Loudness and true peak of a finished file as a player decodes it; silence counts as −70 for both. */
export async function loudnessOf(path: string, signal?: AbortSignal): Promise<Loudness> {
  const meter = new LoudnessMeter(SAMPLE_RATE, CHANNELS);
  for await (const block of decoded([...input(path), '-map', '0:a:0'], signal)) meter.push(block);
  return {
    integratedLufs: Math.max(SILENCE_DB, meter.integratedLufs()),
    truePeakDb: Math.max(SILENCE_DB, meter.truePeakDb()),
  };
}

/** A clock on which each picture lasts a whole number of ticks, fine enough for any player. */
function ticksASecond(rate: FrameRate): number {
  let ticks = Number(rate.split('/')[0]);
  while (ticks < 10_000) ticks *= 2;
  return ticks;
}

function printable(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
