import { access, mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpeg, input } from '../../shared/media/ffmpeg.ts';
import { FULL_BAND, makeSong } from '../media/song.ts';

export interface BenchSize {
  name: 'full' | 'quick';
  width: number;
  height: number;
  clips: number;
  clipSeconds: number;
  /** A multiple of 8; at 128 beats a minute a bar lasts 1.875 s. */
  songBars: number;
}

/** Raised when the media changes, so that an older folder isn't used. */
const VERSION = 1;
const FRAME_RATE = 30;
const SHOTS_A_CLIP = 4;
const LIMIT = { timeLimitSeconds: 590 };

export interface BenchMedia {
  /** The folder that holds the clips and nothing else. */
  footage: string;
  clips: string[];
  music: string;
}

/** Makes the clips and the song once; later runs find them in the temporary folder. */
export async function benchMedia(size: BenchSize): Promise<BenchMedia> {
  const folder = join(tmpdir(), `montage-bench-media-${size.name}-${VERSION}`);
  const footage = join(folder, 'footage');
  await mkdir(footage, { recursive: true });
  const clips = Array.from({ length: size.clips }, (_, i) => join(footage, `clip-${i + 1}.mp4`));
  for (const [i, clip] of clips.entries()) await once(clip, (part) => makeClip(part, i, size));
  const music = join(folder, 'song.wav');
  await once(music, async (part) => {
    const bars = (share: number) => Math.max(1, Math.round(size.songBars * share));
    const sections = [
      { ...FULL_BAND[4], label: 'intro' as const, bars: bars(1 / 8), kick: '', snare: '', bass: '' },
      { ...FULL_BAND[4], label: 'build' as const, bars: bars(1 / 4), bass: '' },
      { ...FULL_BAND[4], label: 'drop' as const, bars: bars(1 / 2) },
      { ...FULL_BAND[4], label: 'outro' as const, bars: bars(1 / 8), kick: '', snare: '' },
    ];
    await rename((await makeSong(folder, { name: 'making', tempo: 128, sections })).path, part);
  });
  return { footage, clips, music };
}

/** The same clips, each `times` times as long, without encoding them again. */
export async function longerFootage({ clips }: BenchMedia, times: number, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [i, clip] of clips.entries()) {
    const looped = input(clip, '-stream_loop', String(times - 1));
    await ffmpeg(['-v', 'error', ...looped, '-c', 'copy', join(folder, `long-${i + 1}.mp4`)], LIMIT);
  }
  return folder;
}

async function once(path: string, make: (part: string) => Promise<void>): Promise<void> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) return;
  const part = path.replace(/(\.\w+)$/, '.part$1');
  await make(part);
  await rename(part, path);
}

/**
 * A clip like a camera's: detail at every scale as in nature (noise of falling strength at rising frequencies), a moving
 * camera, grain, several shots, and a sound that differs from shot to shot.
 */
async function makeClip(path: string, seed: number, { width, height, clipSeconds }: BenchSize): Promise<void> {
  const seconds = clipSeconds / SHOTS_A_CLIP;
  const shots = Array.from({ length: SHOTS_A_CLIP }, (_, i) =>
    shot(seed * SHOTS_A_CLIP + i, seconds, width, height, i),
  );
  const labels = Array.from({ length: SHOTS_A_CLIP }, (_, i) => `[v${i}][a${i}]`).join('');
  const graph = [...shots, `${labels}concat=n=${SHOTS_A_CLIP}:v=1:a=1[v][a]`].join(';');
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-g', '60', '-c:a', 'aac', '-b:a', '128k'];
  await ffmpeg(['-v', 'error', '-filter_complex', graph, '-map', '[v]', '-map', '[a]', ...codecs, path], LIMIT);
}

function shot(seed: number, seconds: number, width: number, height: number, i: number): string {
  const octave = (shrink: number, n: number) =>
    `color=gray:s=${even((2 * width) / shrink)}x${even((2 * height) / shrink)}:r=${FRAME_RATE}:d=0.1,format=yuv444p,` +
    `noise=alls=90:allf=u:all_seed=${1000 * seed + n},scale=${2 * width}:${2 * height}:flags=bicubic[o${i}_${n}]`;
  const speed = 20 + ((seed * 37) % 90);
  const pan = `crop=${width}:${height}:x='(iw-ow)*(0.5+0.45*sin(t*${speed / 60}))':y='(ih-oh)*(0.5+0.4*sin(t*${speed / 90}+${seed}))'`;
  return [
    octave(64, 0),
    octave(16, 1),
    octave(4, 2),
    octave(1, 3),
    `[o${i}_3][o${i}_2]blend=all_expr='0.3*A+0.7*B'[p${i}]`,
    `[p${i}][o${i}_1]blend=all_expr='0.4*A+0.6*B'[q${i}]`,
    `[q${i}][o${i}_0]blend=all_expr='0.45*A+0.55*B',trim=end_frame=1,eq=contrast=${1.4 + (seed % 4) * 0.3}:brightness=${((seed % 5) - 2) * 0.05},` +
      `hue=h=${(seed * 77) % 360}:s=1.6,loop=loop=-1:size=1,setpts=N/(${FRAME_RATE}*TB),${pan},noise=alls=5:allf=t:all_seed=${seed},` +
      `trim=duration=${seconds},format=yuv420p[v${i}]`,
    `sine=frequency=${150 + 40 * seed}:sample_rate=48000:duration=${seconds},volume=0.3[s${i}]`,
    `anoisesrc=sample_rate=48000:amplitude=0.05:seed=${seed}:duration=${seconds},tremolo=f=2:d=0.8[n${i}]`,
    `[s${i}][n${i}]amix=inputs=2,aformat=channel_layouts=stereo[a${i}]`,
  ].join(';');
}

function even(length: number): number {
  return Math.max(2, 2 * Math.round(length / 2));
}
