import type { ChunkSpec } from '../../shared/chunks.ts';
import { secondsAt } from '../../shared/frame-rate.ts';
import { grain } from '../../shared/grain.ts';
import { encoding, finishing } from '../../shared/media/encode.ts';
import { input, startFfmpeg } from '../../shared/media/ffmpeg.ts';
import { mediaTools } from '../../shared/media/tools.ts';
import { bytesOf, type PictureFormat } from './picture-format.ts';
import type { Upscaler } from './upscaler.ts';
import { startFedFfmpeg } from './video/fed-ffmpeg.ts';
import { largerInTurn } from './video/larger-in-turn.ts';
import { NutReader } from './video/nut-reader.ts';

/** How long making a chunk may take: less than what is waited for an answer. */
export const MOST_CHUNK_SECONDS = 590;
/** A GPU makes a large picture in less than one thread encodes it in. */
const ENCODING_THREADS = 4;

interface ChunkOptions {
  upscaler: Upscaler;
  signal: AbortSignal;
}

/** What the pictures of a chunk's small segment are: as `render` makes all segments. */
export const smallFormat = ({ width, height, upscale: { scale } }: ChunkSpec): PictureFormat => ({
  width: width / scale,
  height: height / scale,
  bits: 8,
  matrix: 'bt709',
  range: 'limited',
});

/**
 * Makes a chunk of the small segment at `segment` larger, and encodes it to the MP4 file `out`: exactly `spec.frames` frames, that
 * can be joined to the timeline's other segments and chunks by copying. Frames that are the same as the one before are computed once.
 * The file says in its comment what computed it.
 */
export async function upscaleChunk(
  spec: ChunkSpec,
  segment: string,
  out: string,
  { upscaler, signal }: ChunkOptions,
): Promise<void> {
  try {
    await using encoder = await startFedFfmpeg(await encoderOf(spec, upscaler.device.name, out), {
      timeLimitSeconds: MOST_CHUNK_SECONDS,
      signal,
    });
    const larger = largerInTurn({
      pictures: picturesOf(spec, segment, signal),
      atOnce: upscaler.atOnce,
      upscale: (picture) => upscaler.upscale(picture, signal),
    });
    let frames = 0;
    for await (const { large } of larger) {
      await encoder.send(large);
      frames += 1;
    }
    if (frames !== spec.frames)
      throw new Error(`Segment ${spec.segment} has ${frames} frames from ${spec.fromFrame} on, not ${spec.frames}`);
    await encoder.finish();
  } catch (error) {
    // Why the work was to stop explains more than what broke off by that.
    throw signal.aborted ? signal.reason : error;
  }
}

/** The frames of the chunk, small: entered half a frame early, the first from there on is the one, however times are rounded. */
async function* picturesOf(
  spec: ChunkSpec,
  segment: string,
  signal: AbortSignal,
): AsyncGenerator<{ picture: Uint8Array }, void> {
  const { fromFrame, frames, frameRate } = spec;
  const seek = fromFrame > 0 ? ['-ss', secondsAt(fromFrame - 0.5, frameRate).toFixed(6)] : [];
  const format = smallFormat(spec);
  const stop = new AbortController();
  const running = await startFfmpeg(
    [
      ...['-v', 'error', ...input(segment, ...seek), '-map', '0:v:0', '-frames:v', String(frames)],
      ...['-vsync', 'passthrough', '-c:v', 'rawvideo', '-pix_fmt', 'yuv420p', '-f', 'nut', 'pipe:1'],
    ],
    { timeLimitSeconds: MOST_CHUNK_SECONDS, signal: AbortSignal.any([signal, stop.signal]) },
  );
  running.ended.catch(() => {});
  try {
    const nut = await NutReader.open(running.stdout);
    for await (const { data } of nut?.frames() ?? []) {
      if (data.length !== bytesOf(format))
        throw new Error(`ffmpeg gave a picture of ${data.length} bytes for a segment`);
      yield { picture: data };
    }
    await running.ended;
  } finally {
    stop.abort();
    // It hasn't ended as long as there is something to read.
    running.stdout.destroy();
    await running.ended.catch(() => {});
  }
}

async function encoderOf(spec: ChunkSpec, device: string, out: string): Promise<string[]> {
  const { width, height, frameRate } = spec;
  const { filters } = await mediaTools();
  return [
    ...['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', frameRate],
    ...['-protocol_whitelist', 'pipe', '-i', 'pipe:3'],
    ...['-filter:v', [...grains(spec), ...finishing(filters)].join(','), ...encoding(spec, ENCODING_THREADS)],
    ...['-metadata', `comment=${device}`, out],
  ];
}

/** Filters that add the chunk's grain: each run has a filter of its own. */
function grains(spec: ChunkSpec): string[] {
  const { grain: runs, fromFrame } = spec;
  const whole = runs.length === 1;
  let from = 0;
  return runs.flatMap(({ frames, level }) => {
    const on = { from, to: from + frames };
    from += frames;
    return level > 0 ? [grain(level, { seed: seedOf(spec, fromFrame + on.from), ...(whole ? {} : { on }) })] : [];
  });
}

/** Seeds that `noise` takes: 31 bits. */
const SEEDS = 2 ** 31;

/** Another one for every frame of every segment that a run starts at, so that grain never begins anew, and always the same one. */
const seedOf = ({ segment }: ChunkSpec, frame: number): number =>
  (Number.parseInt(segment.slice(0, 8), 16) + frame) % SEEDS;
