import { ffprobe, input } from '../../../../shared/media/ffmpeg.ts';

const LIMIT = { timeLimitSeconds: 60 };

/** A fraction of seconds in lowest terms, so that equal times are equal texts. */
function exactly(ticks: bigint, timeBase: string): string {
  const [num = 0n, den = 1n] = timeBase.split('/').map(BigInt);
  const [above, below] = [ticks * num, den];
  let [a, b] = [above < 0n ? -above : above, below];
  while (b > 0n) [a, b] = [b, a % b];
  return a === 0n ? '0/1' : `${above / a}/${below / a}`;
}

const secondsOf = (time: string): number => {
  const [num = 0, den = 1] = time.split('/').map(Number);
  return num / den;
};

interface Stream {
  time_base: string;
  [name: string]: unknown;
}

/** What ffprobe says of a file, as it says it. */
export async function said(path: string, ...show: string[]): Promise<Record<string, unknown>> {
  return JSON.parse(await ffprobe(['-v', 'error', ...show, '-of', 'json', ...input(path)], LIMIT));
}

/** What ffprobe says of a file's first stream of a kind. */
export async function streamOf(path: string, kind: 'v' | 'a' = 'v'): Promise<Stream> {
  const { streams } = (await said(path, '-select_streams', `${kind}:0`, '-show_streams')) as { streams: Stream[] };
  return streams[0] as Stream;
}

/** When each picture of a file is shown, by its decoder: exact seconds, in order. */
export async function timesShown(path: string): Promise<string[]> {
  const { time_base } = await streamOf(path);
  const show = ['-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp'];
  const { frames } = (await said(path, ...show)) as { frames: { best_effort_timestamp: number }[] };
  return frames.map((frame) => exactly(BigInt(frame.best_effort_timestamp), time_base));
}

/**
 * The times that a file's packets have, of pictures or of sound, in order; without those that its edit list leaves out.
 */
export async function timesWritten(path: string, kind: 'v' | 'a' = 'v'): Promise<string[]> {
  const { time_base } = await streamOf(path, kind);
  const show = ['-select_streams', `${kind}:0`, '-show_entries', 'packet=pts,flags'];
  const { packets } = (await said(path, ...show)) as { packets: { pts: number; flags: string }[] };
  return packets
    .filter(({ flags }) => !flags.includes('D'))
    .map(({ pts }) => exactly(BigInt(pts), time_base))
    .sort((a, b) => secondsOf(a) - secondsOf(b));
}

/** Times from the first one of `from` on. */
export const since = (times: readonly string[], from: string): number[] =>
  times.map((time) => secondsOf(time) - secondsOf(from));

/** Whether each picture that ends and begins between others is one whose decoder has to wait: B-frames. */
export async function isReordered(path: string): Promise<boolean> {
  const show = ['-select_streams', 'v:0', '-show_entries', 'packet=pts'];
  const { packets } = (await said(path, ...show)) as { packets: { pts: number }[] };
  return packets.some(({ pts }, i) => pts < (packets[i - 1]?.pts ?? Number.NEGATIVE_INFINITY));
}
