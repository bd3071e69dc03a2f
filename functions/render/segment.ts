import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secondsAt } from '../../shared/frame-rate.ts';
import { encoding, finishing } from '../../shared/media/encode.ts';
import { ffmpeg, input } from '../../shared/media/ffmpeg.ts';
import { mediaTools } from '../../shared/media/tools.ts';
import type { Piece, SegmentSpec } from '../../shared/segments.ts';
import { type Clip, type LookAtClip, lookAtClip } from './clip.ts';
import { cube } from './cube.ts';
import { dissolve } from './dissolve.ts';
import { edge } from './edges.ts';
import { entryFor } from './entry.ts';
import { grade, hasLook, type Lut } from './grade.ts';
import { chain, normalise } from './picture.ts';
import { pictureAt, retime } from './timing.ts';

const TIME_LIMIT_SECONDS = 590;

export interface RenderOptions {
  signal?: AbortSignal | undefined;
  /** Told how many frames are encoded. */
  onProgress?: ((frames: number) => void) | undefined;
  /** A folder for files that are needed while it works. */
  scratch: string;
  /** How clips are looked at; by default, anew for each piece. */
  look?: LookAtClip;
}

interface OpenedPiece {
  piece: Piece;
  video: Clip['video'];
  /** ffmpeg's options and the input itself. */
  input: string[];
  lut: Lut | null;
}

/**
 * Encodes one segment to the MP4 file `out`: exactly `spec.frames` frames of H.264 at a constant rate, without sound, that
 * can be joined to the timeline's other segments by copying. `open` gives a path or bridge URL for a piece's source.
 * The same spec, sources and ffmpeg give the same bytes.
 *
 * @throws {Refusal} when a source has no picture.
 */
export async function renderSegment(
  spec: SegmentSpec,
  open: (piece: Piece) => Promise<string>,
  out: string,
  { signal, onProgress, scratch, look = lookAtClip }: RenderOptions,
): Promise<void> {
  const opened: OpenedPiece[] = [];
  for (const piece of spec.from ? [spec.main, spec.from] : [spec.main]) {
    const source = await open(piece);
    const clip = await look(piece, source, signal);
    opened.push(await openPiece(piece, source, clip, spec, scratch, signal));
  }
  const { filters } = await mediaTools();
  let encoded = 0;
  await ffmpeg(
    [
      ...['-v', 'error', '-copyts', '-filter_complex_threads', '1'],
      ...opened.flatMap((piece) => piece.input),
      ...['-filter_complex', graph(spec, opened, filters).join(';'), '-map', '[out]', ...encoding(spec), out],
    ],
    {
      timeLimitSeconds: TIME_LIMIT_SECONDS,
      signal,
      onProgress: ({ frame }) => {
        encoded = frame;
        onProgress?.(frame);
      },
    },
  );
  if (encoded !== spec.frames)
    throw new Error(`A segment of ${spec.main.file} has ${encoded} frames where ${spec.frames} were asked for`);
}

async function openPiece(
  piece: Piece,
  source: string,
  clip: Clip,
  { frameRate }: SegmentSpec,
  scratch: string,
  signal?: AbortSignal,
): Promise<OpenedPiece> {
  const { video, firstSeconds } = clip;
  const first = secondsAt(pictureAt(0, piece, video.frameRate, frameRate), video.frameRate);
  const enterSeconds = await entryFor(clip, source, first, signal);
  const seek = enterSeconds === null ? [] : ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', String(enterSeconds)];
  return {
    piece,
    video,
    input: input(source, '-threads', '1', '-itsoffset', String(-firstSeconds), ...seek),
    lut: hasLook(piece.grade) ? await writeLut(piece, scratch) : null,
  };
}

async function writeLut({ grade: { look, intensity } }: Piece, scratch: string): Promise<Lut> {
  const path = join(scratch, `${look}-${intensity}.cube`);
  await writeFile(path, cube(look, intensity));
  const { filters } = await mediaTools();
  // From 5.0 on (when `morpho` came too) lut3d is vectorised in 16 bits: 2.5 times as fast there as in 8, and finer. Before, 8 bits are twice as fast.
  return { path, format: filters.has('morpho') ? 'gbrp16' : 'rgb24' };
}

/** The whole filter graph, from the inputs' pictures to `[out]`. */
function graph(spec: SegmentSpec, opened: readonly OpenedPiece[], filters: ReadonlySet<string>): string[] {
  const chains = opened.flatMap(({ piece, video, lut }, i) => [
    chain(
      `${i}:${video.index}`,
      [
        ...(video.interlaced ? ['yadif=mode=send_frame:deint=all'] : []),
        ...retime(piece, video.frameRate, spec.frameRate, filters.has('tpad')),
      ],
      `timed${i}`,
    ),
    ...normalise(video, spec, `timed${i}`, `fitted${i}`),
    ...grade(piece.grade, lut, spec, `fitted${i}`, `graded${i}`),
  ]);
  let last = 'graded0';
  const from = spec.from;
  if (from) {
    chains.push(...dissolve(last, 'graded1', from.frames, spec.frameRate, 'dissolved'));
    last = 'dissolved';
  }
  for (const side of ['head', 'tail'] as const) {
    const what = spec[side];
    if (!what) continue;
    chains.push(...edge(side, what, spec, last, side));
    last = side;
  }
  // Newer ffmpegs forget how long a frame lasts when it is given another time; the last one would be cut off in the file. Held for
  // ever before, since the filter that knows it again may drop the last frame; how many are encoded is said to the encoder.
  const lasting = filters.has('tpad') ? ['tpad=stop=-1:stop_mode=clone', `fps=${spec.frameRate}`] : [];
  return [...chains, chain(last, [...lasting, ...finishing(filters)], 'out')];
}
