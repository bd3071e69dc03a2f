import { FfmpegError, input, startFfmpeg } from '../../shared/media/ffmpeg.ts';
import { mayPass } from '../../shared/media/may-pass.ts';

/** Samples a second of all that is analysed. */
export const SAMPLE_RATE = 44_100;

const TIME_LIMIT_SECONDS = 540;
const BYTES_A_FRAME = 8;

/**
 * Decodes the first sound stream of a file or bridge URL to interleaved stereo at `SAMPLE_RATE`, block by block.
 *
 * Sample n is what ffmpeg plays n / SAMPLE_RATE seconds into the file: the encoder's delay is skipped as the container says,
 * and a stream that starts late or has holes is filled with silence.
 *
 * @throws {FfmpegError} when it can't be decoded; `rejectionOf` tells what to say about it.
 */
export async function* stereoSamples(
  source: string,
  options: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Float32Array> {
  const done = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, done.signal]) : done.signal;
  const running = await startFfmpeg(
    [
      ...input(source, '-vn', '-sn', '-dn'),
      ...['-map', '0:a:0', '-af', `aresample=${SAMPLE_RATE}:async=1:first_pts=0`, '-ac', '2'],
      ...['-f', 'f32le', '-c:a', 'pcm_f32le', 'pipe:1'],
    ],
    { timeLimitSeconds: TIME_LIMIT_SECONDS, signal },
  );
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of running.stdout as AsyncIterable<Buffer>) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const whole = bytes.length - (bytes.length % BYTES_A_FRAME);
      rest = bytes.subarray(whole);
      // A fresh copy, since a Float32Array must start at a multiple of four bytes.
      if (whole > 0) yield new Float32Array(new Uint8Array(bytes.subarray(0, whole)).buffer);
    }
    await running.ended;
  } finally {
    done.abort();
  }
}

/**
 * What to tell a person about a file that can never be decoded, or null when the failure may pass (a lost connection,
 * a full memory, a time limit) and the work should be tried again.
 */
export function rejectionOf(error: unknown): string | null {
  if (!(error instanceof FfmpegError) || mayPass(error)) return null;
  if (/matches no streams/.test(error.log.join('\n')))
    return 'It has no sound; choose a song as mp3, m4a, wav, flac or ogg.';
  return "Its sound can't be read: the file is damaged or of an unknown kind; export it again as mp3, m4a or wav.";
}
