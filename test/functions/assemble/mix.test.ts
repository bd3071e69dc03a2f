import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { musicSound } from '../../../functions/assemble/music.ts';
import { writeSound } from '../../../functions/assemble/pcm.ts';
import { recordMix } from '../../../functions/assemble/sound.ts';
import { ffmpeg, input } from '../../../shared/media/ffmpeg.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { makeTalkingClip, rms, type SoundTaste, samples, stereo, timelineOf, writeSong } from './material.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-mix-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function gathered(sound: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const path = join(folder, 'gathered.f32');
  await writeSound(path, sound);
  const wav = join(folder, 'gathered.wav');
  await ffmpeg([...input(path, '-f', 'f32le', '-ar', '48000', '-ac', '2'), '-c:a', 'pcm_f32le', wav], {
    timeLimitSeconds: 20,
  });
  return samples(wav);
}

const tone = (hertz: number, amplitude: number) => (t: number) => amplitude * Math.sin(2 * Math.PI * hertz * t);

describe('the music under a montage', () => {
  it('starts at the sample that the timeline says and is as long as the picture', async () => {
    const song = await writeSong(
      folder,
      'ramp.wav',
      stereo(6, (t) => t / 10),
      '-c:a',
      'pcm_f32le',
    );
    const rate = '24000/1001';
    const music = await gathered(
      musicSound(timelineOf({ rate, cuts: [{ frames: 50 }], music: { sourceFrame: 31 } }), song),
    );
    expect(music.length / 2).toBe(Math.round((50 * 1001 * 48_000) / 24_000));
    expect(music[0]).toBeCloseTo((31 * 1001) / 24_000 / 10, 5);
    expect(music.at(-1)).toBeCloseTo((81 * 1001) / 24_000 / 10, 4);
  });

  it('ends in silence where it is a little too short, and fades where the timeline says so', async () => {
    const song = await writeSong(folder, 'short.wav', stereo(1.9, tone(441, 0.5)));
    const padded = await gathered(musicSound(timelineOf({ cuts: [{ frames: 50 }] }), song));
    expect(padded.length / 2).toBe(96_000);
    expect(rms(padded, 1.91, 2)).toBe(0);
    expect(rms(padded, 1.8, 1.89)).toBeGreaterThan(0.3);
    const fading = await gathered(
      musicSound(timelineOf({ cuts: [{ frames: 45 }], music: { fadeOutFrames: 25 } }), song),
    );
    expect(rms(fading, 0.3, 0.8)).toBeCloseTo(0.5 / Math.SQRT2, 2);
    expect(rms(fading, 1.25, 1.35)).toBeCloseTo(0.25, 1);
    expect(rms(fading, 1.79, 1.8)).toBeLessThan(0.01);
  });

  it("counts from the file's start, also where a film that serves as the song has its sound later", async () => {
    const film = await makeTalkingClip(folder, 'film.mkv', stereo(2, tone(441, 0.5)), { soundDelaySeconds: 0.4 });
    const music = await gathered(musicSound(timelineOf({ cuts: [{ frames: 25 }] }), film));
    expect(rms(music, 0, 0.39)).toBe(0);
    expect(rms(music, 0.41, 1)).toBeGreaterThan(0.3);
  });

  it('is heard on both sides when it is mono, and keeps voice and surrounds of 5.1', async () => {
    const mono = await writeSong(folder, 'mono.wav', stereo(2, tone(441, 0.5)), '-ac', '1');
    const both = await gathered(musicSound(timelineOf({ cuts: [{ frames: 25 }] }), mono));
    expect(rms(both, 0, 1, 0)).toBeGreaterThan(0.2);
    expect(rms(both, 0, 1, 1)).toBe(rms(both, 0, 1, 0));
    const pan = 'pan=5.1|FL=0*c0|FR=0*c0|FC=c0|LFE=0*c0|BL=c1|BR=0*c1';
    const voice = stereo(2, (t, channel) => (channel === 0 ? tone(441, 0.4)(t) : 0));
    const centre = await gathered(
      musicSound(timelineOf({ cuts: [{ frames: 25 }] }), await writeSong(folder, 'centre.wav', voice, '-af', pan)),
    );
    expect(rms(centre, 0, 1, 0)).toBeGreaterThan(0.15);
    expect(rms(centre, 0, 1, 1)).toBeCloseTo(rms(centre, 0, 1, 0), 3);
    const behind = stereo(2, (t, channel) => (channel === 1 ? tone(441, 0.4)(t) : 0));
    const left = await gathered(
      musicSound(timelineOf({ cuts: [{ frames: 25 }] }), await writeSong(folder, 'behind.wav', behind, '-af', pan)),
    );
    expect(rms(left, 0, 1, 0)).toBeGreaterThan(0.15);
    expect(rms(left, 0, 1, 1)).toBeLessThan(0.01);
  });
});

describe('music and clips together', () => {
  /** Music is a tone in the left channel only, the clip speaks in the right one, in its third second only. */
  async function mixOf(sound: Partial<SoundTaste>): Promise<Float32Array> {
    const music = await writeSong(
      folder,
      'left.wav',
      stereo(6, (t, channel) => (channel === 0 ? tone(441, 0.3)(t) : 0)),
    );
    const speech = stereo(6, (t, channel) => (channel === 1 && t >= 2 && t < 3 ? tone(700, 0.05)(t) : 0));
    await makeTalkingClip(folder, 'speech.mov', speech);
    const timeline: Timeline = timelineOf({
      sound,
      sources: [{ file: 'speech.mov' }],
      cuts: [{ frames: 75 }, { frames: 75, sourceFrame: 75 }],
    });
    const scratch = await mkdtemp(join(folder, 'scratch-'));
    const { path } = await recordMix({ timeline, music, openClip: async ({ file }) => join(folder, file), scratch });
    const wav = join(scratch, 'mix.wav');
    await ffmpeg([...input(path, '-f', 'f32le', '-ar', '48000', '-ac', '2'), '-c:a', 'pcm_f32le', wav], {
      timeLimitSeconds: 20,
    });
    return samples(wav);
  }
  const decibels = (ratio: number) => 20 * Math.log10(ratio);

  it('is the music alone when the clips are muted, whatever the gain', async () => {
    const mix = await mixOf({ sourceAudio: 'mute', musicGainDb: -12, duckDb: 12 });
    expect(rms(mix, 0, 6, 1)).toBe(0);
    expect(rms(mix, 2.2, 2.8)).toBeCloseTo(0.3 / Math.SQRT2, 3);
  });

  it('has the clips well under the music as ambience, and above it as dialogue', async () => {
    const ambient = await mixOf({ sourceAudio: 'ambient' });
    const dialogue = await mixOf({ sourceAudio: 'dialogue' });
    const above = (mix: Float32Array) => decibels(rms(mix, 2.2, 2.8, 1) / rms(mix, 2.2, 2.8, 0));
    expect(above(ambient)).toBeGreaterThan(-18);
    expect(above(ambient)).toBeLessThan(-10);
    expect(above(dialogue)).toBeGreaterThan(3);
    expect(above(dialogue)).toBeLessThan(10);
  });

  it('moves the music against the clips by musicGainDb', async () => {
    const plain = await mixOf({ sourceAudio: 'dialogue' });
    const quieter = await mixOf({ sourceAudio: 'dialogue', musicGainDb: -6 });
    expect(decibels(rms(quieter, 4, 5, 0) / rms(plain, 4, 5, 0))).toBeCloseTo(-6, 2);
    expect(rms(quieter, 2.2, 2.8, 1)).toBeCloseTo(rms(plain, 2.2, 2.8, 1), 4);
  });

  it('has the music step back by duckDb while a clip speaks, and only then', async () => {
    const mix = await mixOf({ sourceAudio: 'dialogue', duckDb: 9 });
    const level = (from: number, to: number) => decibels(rms(mix, from, to, 0) / (0.3 / Math.SQRT2));
    expect(level(0, 1.7)).toBeCloseTo(0, 1);
    expect(level(2, 3)).toBeCloseTo(-9, 1);
    expect(level(4.3, 6)).toBeCloseTo(0, 1);
  });
});
