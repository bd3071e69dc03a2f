import { basename, extname } from 'node:path';
import { alternatives } from '../../../shared/alternatives.ts';
import { FfmpegError, ffmpeg, input } from '../../../shared/media/ffmpeg.ts';
import { mayPass } from '../../../shared/media/may-pass.ts';
import { mediaTools } from '../../../shared/media/tools.ts';
import { Refusal } from '../../../shared/refusal.ts';
import type { Encoder } from './encoding.ts';
import type { Film } from './film.ts';
import { keptSubtitles } from './subtitles.ts';

const TIME_LIMIT_SECONDS = 60;
/** Packets of sound that are enough for a container to refuse them. */
const TRIED_PACKETS = 8;

/** What the result may be, by the ending of its name. */
const CONTAINERS: Readonly<Record<string, { muxer: string; name: string }>> = {
  '.mp4': { muxer: 'mp4', name: 'MP4' },
  '.m4v': { muxer: 'mp4', name: 'MP4' },
  '.mov': { muxer: 'mov', name: 'QuickTime' },
  '.mkv': { muxer: 'matroska', name: 'Matroska' },
};

/** Endings of names that the result may have. */
export const ENDINGS: readonly string[] = Object.keys(CONTAINERS);

function containerOf(destination: string): { muxer: string; name: string } {
  const container = CONTAINERS[extname(destination).toLowerCase()];
  if (!container)
    throw new Refusal(`${basename(destination)} must end in ${alternatives(ENDINGS)}: that is what is made`);
  return container;
}

/**
 * Finds out before the work whether the result can be what its name says.
 *
 * @throws {Refusal} when it is no container that is made here, or one that can't hold the film's sound as it is.
 */
export async function refuseContainer(film: Film, destination: string, signal?: AbortSignal): Promise<void> {
  const { muxer, name } = containerOf(destination);
  if (film.sound.length === 0) return;
  const toPipe = muxer === 'matroska' ? [] : ['-movflags', '+empty_moov+delay_moov'];
  const few = ['-map', '0:a', ...COPIED_SOUND, '-frames:a', String(TRIED_PACKETS)];
  await ffmpeg(['-v', 'error', ...input(film.source), ...few, ...toPipe, '-f', muxer, 'pipe:1'], {
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    signal,
  }).catch((error: unknown) => {
    if (!(error instanceof FfmpegError) || mayPass(error)) throw error;
    throw new Refusal(
      `${name} can't hold the sound of ${film.file} as it is (${film.sound.join(', ')}): let the name of the result end in .mkv`,
    );
  });
}

/** Opus and FLAC in MP4 were still an experiment in 2018. */
const COPIED_SOUND = ['-c:a', 'copy', '-strict', '-2'];

/** What a file's metadata say of that file's own kind, and not of its film. */
const BRANDS = ['major_brand', 'minor_version', 'compatible_brands'];

/**
 * Options of ffmpeg's output that copy the sound, chapters and titles of a film, which is input 1, and its subtitles, for which it is
 * input 2, to what `destination` is by its name.
 */
export async function container(film: Film, destination: string, encoder: Encoder): Promise<string[]> {
  const { muxer } = containerOf(destination);
  return [
    ...['-map', '1:a?', ...COPIED_SOUND, '-map_metadata', '1', '-map_chapters', '1'],
    ...keptSubtitles(film, muxer, 2),
    ...BRANDS.flatMap((name) => ['-metadata', `${name}=`]),
    ...(muxer === 'matroska' ? [] : await quickTime(film, encoder)),
    ...['-f', muxer],
  ];
}

/** What ffmpeg calls that which `destination` is by its name. */
export const muxerOf = (destination: string): string => containerOf(destination).muxer;

/** Whether it is MP4 or QuickTime. */
export const hasBoxes = (destination: string): boolean => muxerOf(destination) !== 'matroska';

async function quickTime({ timeBase, tagNames }: Film, encoder: Encoder): Promise<string[]> {
  const { filters } = await mediaTools();
  // Phones say where and by what a film was taken under names that the muxer else leaves out.
  const apple = tagNames.some((name) => name.startsWith('com.apple.quicktime.')) ? ['use_metadata_tags'] : [];
  const flags = ['faststart', 'write_colr', ...apple];
  // When a stream starts late is written in this clock; from 5.0 on (when `morpho` came too) it needn't be of
  // milliseconds.
  const ticks = timeBase.den * Math.ceil(1000 / timeBase.den);
  return [
    ...['-movflags', flags.map((flag) => `+${flag}`).join(''), '-video_track_timescale', String(timeBase.den)],
    ...(filters.has('morpho') ? ['-movie_timescale', String(ticks)] : []),
    // What Apple's players want of H.265, and the others take as well.
    ...(encoder === 'libx265' ? ['-tag:v', 'hvc1'] : []),
  ];
}
