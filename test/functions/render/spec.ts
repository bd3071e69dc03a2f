import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderSegment } from '../../../functions/render/segment.ts';
import { ffmpeg } from '../../../shared/media/ffmpeg.ts';
import { mediaTools } from '../../../shared/media/tools.ts';
import { type Piece, RENDERER_VERSION, type SegmentSpec } from '../../../shared/segments.ts';
import type { Grade } from '../../../shared/timeline.ts';
import { type Picture, picturesOf } from '../../media/pixels.ts';

export const UNTOUCHED: Grade = { look: 'none', intensity: 0, vignette: 0, grain: 0, sharpen: 0 };

/** A piece of the clip at `path`, by default 8 frames from its first picture at normal speed. */
export function pieceOf(path: string, changes: Partial<Piece> = {}): Piece {
  const frames = changes.frames ?? 8;
  return {
    key: path,
    etag: 'e',
    file: 'clip.mp4',
    sourceFrame: 0,
    sourceFrames: frames,
    frames,
    grade: UNTOUCHED,
    ...changes,
  };
}

/** A small, quickly made segment of one piece. */
export function specOf(main: Piece, changes: Partial<SegmentSpec> = {}): SegmentSpec {
  return {
    rendererVersion: RENDERER_VERSION,
    width: 160,
    height: 96,
    frameRate: '24/1',
    crf: 12,
    preset: 'ultrafast',
    frames: main.frames,
    main,
    from: null,
    head: null,
    tail: null,
    ...changes,
  };
}

/** Renders a segment into `folder` and gives back its path. */
export async function rendered(folder: string, spec: SegmentSpec, name = 'segment.mp4'): Promise<string> {
  const out = join(folder, name);
  await renderSegment(spec, async ({ key }) => key, out, { scratch: folder });
  return out;
}

/** The pictures of a rendered segment. */
export async function renderedPictures(folder: string, spec: SegmentSpec): Promise<Picture[]> {
  return picturesOf(await rendered(folder, spec));
}

/** A folder that is removed when it goes out of scope. */
export async function scratchFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'montage-render-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Makes a clip of one colour, given as coded (Y, U, V), unless `filters` draw into it; without loss. Returns its path. */
export async function makeFlat(
  folder: string,
  name: string,
  [y, u, v]: readonly [number, number, number],
  options: {
    frames?: number;
    format?: string;
    size?: string;
    filters?: readonly string[];
    coding?: readonly string[];
  } = {},
): Promise<string> {
  const { frames = 24, format = 'yuv420p', size = '160x96', filters = [] } = options;
  const path = join(folder, name);
  const coding = options.coding ?? ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', ...BT709];
  const drawn = [`color=c=black:s=${size}:r=24`, `format=${format}`, `lutyuv=y=${y}:u=${u}:v=${v}`, ...filters];
  const tags = tagsOf(coding);
  if (tags && (await mediaTools()).filters.has('setparams')) drawn.push(`setparams=${tags}`);
  await ffmpeg(['-v', 'error', '-f', 'lavfi', '-i', drawn.join(','), '-frames:v', String(frames), ...coding, path], {
    timeLimitSeconds: 60,
  });
  return path;
}

/** The colour that encoder options name, as the filter's: ffmpeg 7 takes it of the pictures rather than of those options. */
function tagsOf(coding: readonly string[]): string {
  const names = { '-color_primaries': 'color_primaries', '-color_trc': 'color_trc', '-colorspace': 'colorspace' };
  const given = Object.entries({ ...names, '-color_range': 'range' }).flatMap(([option, name]) => {
    const at = coding.indexOf(option);
    return at < 0 ? [] : [`${name}=${coding[at + 1]}`];
  });
  return given.join(':');
}

export const BT709 = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'];
