import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cube } from '../../functions/render/cube.ts';
import { dissolve } from '../../functions/render/dissolve.ts';
import { edge } from '../../functions/render/edges.ts';
import { grade, hasLook, type Lut } from '../../functions/render/grade.ts';
import { chain, normalise } from '../../functions/render/picture.ts';
import { secondsAt } from '../../shared/frame-rate.ts';
import { input } from '../../shared/media/ffmpeg.ts';
import { type Probe, probe } from '../../shared/media/probe.ts';
import { mediaTools } from '../../shared/media/tools.ts';
import { type Piece, type SegmentSpec, segmentsOf } from '../../shared/segments.ts';
import type { Timeline } from '../../shared/timeline.ts';

/** Seventy decoders of several threads each would only get into each other's way. */
const ONE_THREAD = ['-threads', '1'];
const run = promisify(execFile);

/**
 * Encodes a timeline as a person would who has only ffmpeg: one command that seeks to each cut, gives it the same look, size,
 * transitions and rate, lays them end to end, and encodes them with the song under them at the same preset and quality, with
 * as many threads as x264 likes. It takes no care of exact frames, loudness or anything else.
 *
 * @param files where clips and song lie, by their keys.
 */
export async function encodeInOneCommand(
  timeline: Timeline,
  files: ReadonlyMap<string, string>,
  scratch: string,
): Promise<string> {
  const specs = segmentsOf(timeline);
  const inputs: string[] = [];
  const chains: string[] = [];
  let count = 0;
  const add = async (piece: Piece, spec: SegmentSpec) => {
    const path = fileOf(piece.key, files);
    const { video } = await probe(path, { file: path });
    if (!video) throw new Error(`${path} has no picture`);
    const at = ['-ss', String(secondsAt(piece.sourceFrame, spec.frameRate))];
    inputs.push(
      ...input(
        path,
        ...at,
        '-t',
        String(secondsAt(piece.sourceFrames + 2, spec.frameRate)),
        '-noautorotate',
        ...ONE_THREAD,
      ),
    );
    chains.push(...(await pieceChains(piece, spec, video, count, scratch)));
    return `graded${count++}`;
  };
  for (const [i, spec] of specs.entries()) {
    let last = await add(spec.main, spec);
    if (spec.from) {
      chains.push(...dissolve(last, await add(spec.from, spec), spec.from.frames, spec.frameRate, `dissolved${i}`));
      last = `dissolved${i}`;
    }
    for (const side of ['head', 'tail'] as const) {
      const what = spec[side];
      if (!what) continue;
      chains.push(...edge(side, what, spec, last, `${side}${i}`));
      last = `${side}${i}`;
    }
    chains.push(chain(last, ['format=yuv420p', 'setsar=1'], `segment${i}`));
  }
  chains.push(`${specs.map((_, i) => `[segment${i}]`).join('')}concat=n=${specs.length}[picture]`);
  const [{ crf, preset, frameRate } = { crf: 0, preset: '', frameRate: '' }] = specs;
  const seconds = String(secondsAt(timeline.frames, timeline.frameRate));
  const song = input(fileOf(timeline.music.key, files), '-t', seconds);
  const out = join(scratch, 'one-command.mp4');
  // Not by the one place that starts ffmpeg: so many clips at once need more memory than an ffmpeg of ours is given.
  await run((await mediaTools()).ffmpeg, [
    ...[
      '-nostdin',
      '-y',
      '-v',
      'error',
      ...inputs,
      ...song,
      '-filter_complex',
      chains.join(';'),
      '-map',
      '[picture]',
      '-map',
      `${count}:a`,
    ],
    ...['-r', frameRate, '-c:v', 'libx264', '-preset', preset, '-crf', String(crf), '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-b:a', '256k', '-ar', '48000', '-movflags', '+faststart', out],
  ]);
  return out;
}

async function pieceChains(
  piece: Piece,
  spec: SegmentSpec,
  video: NonNullable<Probe['video']>,
  i: number,
  scratch: string,
): Promise<string[]> {
  const slowed = piece.frames === piece.sourceFrames ? [] : [`setpts=PTS*${piece.frames}/${piece.sourceFrames}`];
  const timed = ['setpts=PTS-STARTPTS', ...slowed, `fps=${spec.frameRate}`, `trim=end_frame=${piece.frames}`];
  return [
    chain(`${i}:${video.index}`, timed, `timed${i}`),
    ...normalise(video, spec, `timed${i}`, `fitted${i}`),
    ...grade(piece.grade, await lutOf(piece, scratch), spec, `fitted${i}`, `graded${i}`),
  ];
}

/** As render applies it, in the pixel format that is fastest with this ffmpeg. */
async function lutOf({ grade: wanted }: Piece, scratch: string): Promise<Lut | null> {
  if (!hasLook(wanted)) return null;
  const path = join(scratch, `${wanted.look}-${wanted.intensity}.cube`);
  await writeFile(path, cube(wanted.look, wanted.intensity));
  return { path, format: (await mediaTools()).filters.has('morpho') ? 'gbrp16' : 'rgb24' };
}

function fileOf(key: string, files: ReadonlyMap<string, string>): string {
  const path = files.get(key);
  if (!path) throw new Error(`The timeline names ${key}, which is not among the bench's files`);
  return path;
}
