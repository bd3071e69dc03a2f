import { type FileHandle, open, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type FrameRate, framesPerSecond, secondsAt } from '../../shared/frame-rate.ts';
import { ffmpeg } from '../../shared/media/ffmpeg.ts';
import { drawScene, type Scene } from './picture.ts';

export type { Scene } from './picture.ts';

export interface ClipOptions {
  /** With its ending, which decides the container. */
  name: string;
  width?: number;
  height?: number;
  frameRate?: FrameRate;
  /** Length when no scenes are given: then it is one moving picture of `seed`. */
  seconds?: number;
  seed?: number;
  scenes?: readonly Scene[];
  /** A tone in every channel; null for a clip without sound. `silentFrom` is when, in seconds, it stops. */
  audio?: { channels?: 1 | 2 | 6; hertz?: number; peakDb?: number; silentFrom?: number } | null;
  /** Degrees clockwise that a player is told to turn the picture by (mp4 and mov only). */
  rotation?: 0 | 90 | 180 | 270;
  /** Frames for which this says false are left out, the others keep their times: a variable rate. */
  keepFrame?: (frame: number) => boolean;
  /** Added to all times of the file (mkv and ts keep it as such). */
  startSeconds?: number;
  /** The picture starts so much later than the sound, to the nearest frame. */
  pictureDelaySeconds?: number;
  sampleAspect?: string;
  /** 10-bit HEVC with the tags of HDR. */
  hdr?: 'pq' | 'hlg';
  codec?: string;
  /** Share of the file's bytes that are kept. */
  keepBytes?: number;
  /** Where the index of an mp4 lies: `end`, as cameras write it, or `start`. */
  index?: 'start' | 'end';
  /** More options for ffmpeg's output. */
  extra?: readonly string[];
}

export interface Clip {
  path: string;
  frames: number;
  /** Where a scene gives way to the next one: a cut's first frame, or the middle of a dissolve. */
  boundaries: { frame: number; opens: 'cut' | 'gradual' }[];
}

const LONGEST_CANVAS = 320;
const LIMIT = { timeLimitSeconds: 120 };

/**
 * Makes a short clip with chosen properties in `folder`: the frames are drawn here, small, and scaled up by ffmpeg.
 * The same options give the same pictures. Works with the system's ffmpeg and with the packaged one.
 */
export async function makeClip(folder: string, options: ClipOptions): Promise<Clip> {
  const { width = 320, height = 180, frameRate = '25/1' } = options;
  const scenes = options.scenes ?? [
    { frames: Math.round((options.seconds ?? 2) * framesPerSecond(frameRate)), seed: options.seed ?? 1 },
  ];
  const path = join(folder, options.name);
  const raw = `${path}.rgb`;
  const scale = Math.min(1, LONGEST_CANVAS / Math.max(width, height));
  const [across, down] = [Math.max(2, Math.round(width * scale)), Math.max(2, Math.round(height * scale))];
  const frames = await drawAll(raw, scenes, across, down);
  const filters = [
    `scale=${width}:${height}:flags=bicubic:out_color_matrix=bt709`,
    `setsar=${(options.sampleAspect ?? '1:1').replace(':', '/')}`,
    ...(options.keepFrame ? [selection(frames, options.keepFrame)] : []),
  ];
  await ffmpeg(
    [
      ...(options.pictureDelaySeconds ? ['-itsoffset', String(options.pictureDelaySeconds)] : []),
      ...['-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', `${across}x${down}`, '-framerate', frameRate],
      ...['-i', raw],
      ...soundOf(options, secondsAt(frames, frameRate)),
      ...['-filter:v', filters.join(',')],
      ...pictureCodec(options),
      ...(options.index === 'end' || !/\.(mp4|mov)$/.test(path) ? [] : ['-movflags', '+faststart']),
      ...(options.keepFrame || options.pictureDelaySeconds ? ['-vsync', 'vfr'] : []),
      ...(options.startSeconds ? ['-output_ts_offset', String(options.startSeconds)] : []),
      ...(options.extra ?? []),
      path,
    ],
    LIMIT,
  );
  await rm(raw);
  if (options.rotation) await turn(path, options.rotation, width, height);
  if (options.keepBytes !== undefined) await truncate(path, Math.floor((await stat(path)).size * options.keepBytes));
  return { path, frames, boundaries: boundariesOf(scenes) };
}

async function drawAll(raw: string, scenes: readonly Scene[], width: number, height: number): Promise<number> {
  const file = await open(raw, 'w');
  let frames = 0;
  for (const [i, scene] of scenes.entries())
    for (let frame = 0; frame < scene.frames; frame++, frames++) {
      const picture = drawScene(scene, frame, width, height);
      const before = scenes[i - 1];
      const dissolve = scene.dissolve ?? 0;
      if (before && frame < dissolve) {
        const old = drawScene(before, before.frames + frame, width, height);
        const share = (frame + 1) / (dissolve + 1);
        for (let byte = 0; byte < picture.length; byte++)
          picture[byte] = Math.round((picture[byte] ?? 0) * share + (old[byte] ?? 0) * (1 - share));
      }
      await writeAll(file, picture);
    }
  await file.close();
  return frames;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) written += (await file.write(bytes, written)).bytesWritten;
}

function boundariesOf(scenes: readonly Scene[]): Clip['boundaries'] {
  let start = 0;
  return scenes.flatMap((scene, i) => {
    const dissolve = scene.dissolve ?? 0;
    const faded = scene.fadeIn || scenes[i - 1]?.fadeOut;
    const boundary = {
      frame: start + Math.floor(dissolve / 2),
      opens: dissolve || faded ? ('gradual' as const) : ('cut' as const),
    };
    start += scene.frames;
    return i === 0 ? [] : [boundary];
  });
}

function selection(frames: number, keepFrame: (frame: number) => boolean): string {
  const kept = Array.from({ length: frames }, (_, frame) => frame).filter(keepFrame);
  return `select='${kept.map((frame) => `eq(n\\,${frame})`).join('+')}'`;
}

function soundOf(options: ClipOptions, seconds: number): string[] {
  if (options.audio === null) return ['-an'];
  const { channels = 2, hertz = 440, peakDb = -20, silentFrom = seconds } = options.audio ?? {};
  const wave = `${10 ** (peakDb / 20)}*sin(2*PI*${hertz}*t)*lt(t\\,${silentFrom})`;
  const layout = { 1: 'mono', 2: 'stereo', 6: '5.1' }[channels];
  const tone = `aevalsrc=${Array(channels).fill(wave).join('|')}:c=${layout}:s=48000:d=${seconds}`;
  const codec = options.name.endsWith('.webm') ? 'libopus' : 'aac';
  return ['-f', 'lavfi', '-i', tone, '-map', '0:v', '-map', '1:a', '-c:a', codec, '-b:a', '192k'];
}

function pictureCodec(options: ClipOptions): string[] {
  if (options.hdr) {
    const transfer = options.hdr === 'pq' ? 'smpte2084' : 'arib-std-b67';
    const tags = `colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc:log-level=error`;
    const here = ['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'];
    const coder = ['-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1', '-x265-params', tags];
    return [...coder, '-pix_fmt', 'yuv420p10le', ...here];
  }
  const codec = options.codec ?? (options.name.endsWith('.webm') ? 'libvpx' : 'libx264');
  const odd = ((options.width ?? 0) | (options.height ?? 0)) & 1;
  const format = ['-pix_fmt', codec === 'libx264' && odd ? 'yuv444p' : 'yuv420p'];
  const tags = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709'];
  if (codec === 'libvpx') return ['-c:v', codec, '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M', ...format];
  if (codec !== 'libx264') return ['-c:v', codec, '-q:v', '3', ...format];
  // ffmpeg 7 takes the tags of the pictures rather than these options; the encoder's own hold anywhere.
  const own = ['-x264-params', 'colorprim=bt709:transfer=bt709:colormatrix=bt709'];
  return ['-c:v', codec, '-preset', 'ultrafast', '-crf', '18', ...format, ...tags, ...own];
}

/**
 * Writes the display matrix of the first track with a picture (`tkhd`, ISO/IEC 14496-12, 8.3.2) into the file itself, since
 * every few versions ffmpeg asks for it in another way.
 */
async function turn(path: string, degrees: number, width: number, height: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const bytes = await file.readFile();
    for (let at = bytes.indexOf('tkhd'); at >= 0; at = bytes.indexOf('tkhd', at + 4)) {
      const matrix = at + 4 + (bytes[at + 4] === 1 ? 52 : 40);
      if (bytes.readUInt32BE(matrix + 36) === 0) continue;
      const [cos, sin] = [
        Math.round(Math.cos((degrees * Math.PI) / 180)),
        Math.round(Math.sin((degrees * Math.PI) / 180)),
      ];
      const across = degrees === 90 ? height : degrees === 180 ? width : 0;
      const down = degrees === 270 ? width : degrees === 180 ? height : 0;
      const values = [cos << 16, sin << 16, 0, -sin << 16, cos << 16, 0, across << 16, down << 16, 1 << 30];
      const written = Buffer.alloc(36);
      for (const [i, value] of values.entries()) written.writeInt32BE(value, i * 4);
      await file.write(written, 0, 36, matrix);
      return;
    }
    throw new Error(`${path} has no track with a picture`);
  } finally {
    await file.close();
  }
}
