import { join } from 'node:path';
import { LoudnessMeter } from '../../shared/media/loudness.ts';
import { probe } from '../../shared/media/probe.ts';
import type { Source, Timeline } from '../../shared/timeline.ts';
import { clipSound, type OpenClip } from './clips.ts';
import { duckingDb } from './ducking.ts';
import { balance, LevelMeter, mixed } from './mix.ts';
import { musicSound } from './music.ts';
import { CHANNELS, readSound, SAMPLE_RATE, type Sound, sampleAt, writeSound } from './pcm.ts';
import { voicesOf } from './voices.ts';

export interface SoundInputs {
  timeline: Timeline;
  /** Path or loopback URL of the song. */
  music: string;
  /** Path or loopback URL of a clip. */
  openClip: (source: Source) => Promise<string>;
  scratch: string;
  signal?: AbortSignal | undefined;
}

/** Sound in a scratch file, and how loud it is (−Infinity for silence). */
export interface Recorded {
  path: string;
  lufs: number;
}

/** The montage's sound at its natural level: the music, and under or above it what the style lets be heard of the clips. */
export async function recordMix(inputs: SoundInputs): Promise<Recorded> {
  const { timeline, scratch, signal } = inputs;
  const { sound } = timeline.style;
  const music = await record(join(scratch, 'music.f32'), musicSound(timeline, inputs.music, signal));
  if (sound.sourceAudio === 'mute') return music;
  const length = sampleAt(timeline.frames, timeline.frameRate);
  const levels = new LevelMeter();
  const voices = clipSound(voicesOf(timeline), length, clipOpener(inputs), signal);
  const clips = await record(join(scratch, 'clips.f32'), voices, levels);
  return record(
    join(scratch, 'mix.f32'),
    mixed(
      readSound(music.path),
      readSound(clips.path),
      balance(sound, sound.sourceAudio, music.lufs, clips.lufs),
      duckingDb(levels.levelsDb, clips.lufs, sound.duckDb),
    ),
  );
}

/** Writes a sound to a file and measures it on the way. */
export async function record(path: string, sound: Sound, levels?: LevelMeter): Promise<Recorded> {
  const loudness = new LoudnessMeter(SAMPLE_RATE, CHANNELS, { truePeak: false });
  await writeSound(
    path,
    (async function* () {
      for await (const block of sound) {
        loudness.push(block);
        levels?.push(block);
        yield block;
      }
    })(),
  );
  return { path, lufs: loudness.integratedLufs() };
}

/** Opens each clip once, however many cuts it gives. A clip that turns out to have no sound is null. */
function clipOpener({ openClip, signal }: SoundInputs): (source: Source) => Promise<OpenClip | null> {
  const opened = new Map<string, Promise<OpenClip | null>>();
  const open = async (source: Source): Promise<OpenClip | null> => {
    const input = await openClip(source);
    const { video, audio } = await probe(input, { file: source.file, signal });
    return audio && { input, soundStream: audio.index, firstPictureSeconds: video?.startSeconds ?? 0 };
  };
  return (source) => {
    const known = opened.get(source.key) ?? open(source);
    opened.set(source.key, known);
    return known;
  };
}
