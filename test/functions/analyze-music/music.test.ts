import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyseMusic } from '../../../functions/analyze-music/music.ts';
import type { MusicAnalysis } from '../../../shared/analysis.ts';
import { ffmpeg } from '../../../shared/media/ffmpeg.ts';
import { FULL_BAND, makeSong, type SongOrder } from '../../media/song.ts';
import { accuracy } from './accuracy.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-music-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function analysis(path: string): Promise<MusicAnalysis> {
  const result = await analyseMusic(path);
  if (result.kind !== 'music') throw new Error(result.reason);
  return result;
}

/** What was found in a song, against what was played. */
async function heard(order: SongOrder) {
  const { path, truth } = await makeSong(folder, order);
  const found = await analysis(path);
  await rm(path);
  const beats = found.beats.map(({ time }) => time);
  const grid = Array.from({ length: beats.length }, (_, n) => (n * 60) / order.tempo);
  return {
    found,
    truth,
    beats: accuracy(beats, truth.beats),
    downbeats: accuracy(
      found.beats.filter(({ downbeat }) => downbeat).map(({ time }) => time),
      truth.downbeats,
    ),
    grid: accuracy(grid, truth.beats),
  };
}

const ballad = {
  kick: 'x.....x.x.......',
  snare: '....x.......x...',
  hat: 'xoxoxoxoxoxoxoxo',
  bass: 'x.....x.x.......',
  pad: 0.4,
};
const house = {
  kick: 'x...x...x...x...',
  hat: '..x...x...x...x.',
  bass: '..x...x...x...x.',
  snare: '....x.......x...',
};

describe('beats', () => {
  it.each([
    ['a slow ballad', { tempo: 63, sections: [{ label: 'verse', bars: 5, ...ballad }] }],
    ['a steady song', { tempo: 97, bars: 7 }],
    ['drum and bass', { tempo: 174, bars: 12 }],
    ['a very fast song', { tempo: 190, bars: 12 }],
    ['a swung song', { tempo: 116, bars: 8, swing: 0.66 }],
    ['a song that gets five percent faster', { tempo: 112, bars: 12, drift: 1.05 }],
    ['a song with an upbeat', { tempo: 100, bars: 7, pickupBeats: 1 }],
    ['a song that begins after silence', { tempo: 122, bars: 8, silenceSeconds: 1.217 }],
    ['a waltz', { tempo: 138, bars: 12, meter: 3 }],
  ] satisfies [string, Omit<SongOrder, 'name'>][])('of %s are found, and its bars', async (_name, order) => {
    const { beats, downbeats } = await heard({ name: 'song', ...order });
    expect(beats.f).toBeGreaterThan(0.94);
    expect(beats.medianError).toBeLessThan(0.005);
    expect(downbeats.f).toBeGreaterThan(0.88);
  });

  it.each(['mp3', 'm4a', 'ogg', 'flac'] as const)('are on the clock of a decoded %s', async (format) => {
    const { beats } = await heard({ name: 'song', tempo: 117, bars: 6, format });
    expect(beats.f).toBeGreaterThan(0.93);
    expect(beats.medianError).toBeLessThan(0.005);
  });

  it('of an intro with nothing but off-beat hats are where the drums then fall', async () => {
    const { found, truth, beats } = await heard({
      name: 'house',
      tempo: 124,
      sections: [
        { label: 'intro', bars: 4, hat: house.hat, pad: 0.3 },
        { label: 'drop', bars: 6, ...house, pad: 0.4 },
      ],
    });
    expect(beats.f).toBeGreaterThan(0.95);
    expect(found.tempo).toBeCloseTo(124, 0);
    expect(found.sections.map(({ label }) => label)).toEqual(['intro', 'drop']);
    expect(found.sections[1]?.start).toBeCloseTo(truth.sections[1]?.start ?? 0, 1);
  });

  it('run through an intro of held chords', async () => {
    const { beats } = await heard({
      name: 'pads',
      tempo: 110,
      sections: [
        { label: 'intro', bars: 3, pad: 0.5 },
        { label: 'verse', bars: 7, ...FULL_BAND[4] },
      ],
    });
    expect(beats.f).toBeGreaterThan(0.94);
  });

  it('of a half-time groove are those of its tempo or of its half', async () => {
    const half = {
      kick: 'x.....x.........',
      snare: '........x.......',
      hat: 'x.x.x.x.x.x.x.x.',
      bass: 'x...............',
    };
    const { found, truth } = await heard({
      name: 'half',
      tempo: 140,
      sections: [{ label: 'verse', bars: 8, ...half }],
    });
    const times = found.beats.map(({ time }) => time);
    const everyOther = truth.beats.filter((_, n) => n % 2 === 0);
    expect(Math.max(accuracy(times, truth.beats).f, accuracy(times, everyOther).f)).toBeGreaterThan(0.93);
  });

  it('beat a fixed grid of the right tempo where the song drifts and starts late', async () => {
    const { beats, grid } = await heard({ name: 'song', tempo: 104, bars: 8, drift: 0.95, silenceSeconds: 0.3 });
    expect(beats.f).toBeGreaterThan(0.93);
    expect(grid.f).toBeLessThan(0.6);
  });

  it('say how sure they are: drums more than an intro of chords', async () => {
    const { found, truth } = await heard({
      name: 'pads',
      tempo: 110,
      sections: [
        { label: 'intro', bars: 3, pad: 0.5 },
        { label: 'verse', bars: 6, ...FULL_BAND[4] },
      ],
    });
    const entry = truth.sections[1]?.start ?? 0;
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const before = found.beats.filter(({ time }) => time < entry - 2).map(({ confidence }) => confidence);
    const after = found.beats.filter(({ time }) => time > entry).map(({ confidence }) => confidence);
    expect(mean(after)).toBeGreaterThan(mean(before) + 0.2);
  });
});

describe('music without a pulse', () => {
  it.each([
    ['noise', 'anoisesrc=d=12:c=pink:a=0.3:seed=5'],
    ['a held tone', 'sine=frequency=220:duration=12'],
    ['slow swells', 'anoisesrc=d=12:c=white:a=0.3:seed=9,tremolo=f=0.2:d=0.9'],
  ])('such as %s has tempo 0, no beats and sections all the same', async (_name, source) => {
    const path = join(folder, 'still.wav');
    await ffmpeg(['-f', 'lavfi', '-i', source, path], { timeLimitSeconds: 30 });
    const found = await analysis(path);
    expect(found.tempo).toBe(0);
    expect(found.beats).toEqual([]);
    expect(found.sections[0]?.start).toBe(0);
    expect(found.sections.at(-1)?.end).toBe(found.durationSeconds);
  });
});

describe('loudness and energy', () => {
  it('agree with ffmpeg’s own meter, and energy follows the music', async () => {
    const { path } = await makeSong(folder, {
      name: 'levels',
      tempo: 120,
      sections: [
        { label: 'intro', bars: 3, pad: 0.2 },
        { label: 'drop', bars: 4, ...house, pad: 0.5 },
      ],
    });
    const { log } = await ffmpeg(['-i', path, '-af', 'ebur128', '-f', 'null', '-'], { timeLimitSeconds: 30 });
    const measured = Number([...log.matchAll(/I:\s+(-?[\d.]+) LUFS/g)].at(-1)?.[1]);
    const found = await analysis(path);
    expect(Math.abs(found.loudnessLufs - measured)).toBeLessThanOrEqual(0.15);
    const { hopSeconds, values } = found.energy;
    expect(values.length * hopSeconds).toBeCloseTo(found.durationSeconds, 0);
    const between = (from: number, to: number) => Math.max(...values.slice(from / hopSeconds, to / hopSeconds));
    expect(between(1, 5)).toBeLessThan(0.75 * between(7, 13));
  });
});

describe('a file that can not be used is rejected with a sentence that says what to do', () => {
  const silent = ['-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=stereo', '-t', '6'];
  const short = ['-f', 'lavfi', '-i', 'sine=duration=3'];
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x36:d=6', '-c:v', 'libx264', '-preset', 'ultrafast'];

  it.each([
    ['silence', 'wav', silent, 'It is silent; choose a song that has sound.'],
    ['three seconds', 'wav', short, 'It is only 3.0 s long; choose a song of at least 5 s.'],
    ['a video without sound', 'mp4', picture, 'It has no sound; choose a song as mp3, m4a, wav, flac or ogg.'],
  ])('%s', async (_name, extension, args, reason) => {
    const path = join(folder, `unusable.${extension}`);
    await ffmpeg([...args, path], { timeLimitSeconds: 30 });
    expect(await analyseMusic(path)).toEqual({ kind: 'rejected', reason });
  });

  it.each([
    ['a text', Buffer.from('these are the words of the song\n')],
    ['nothing at all', Buffer.alloc(0)],
    ['a playlist that names another file', Buffer.from('#EXTM3U\n#EXTINF:10,\n/etc/passwd\n')],
  ])('%s under the name of an mp3', async (_name, bytes) => {
    const path = join(folder, 'words.mp3');
    await writeFile(path, bytes);
    expect(await analyseMusic(path)).toMatchObject({
      kind: 'rejected',
      reason: expect.stringMatching(/export it again/),
    });
  });

  it('but one that has gone missing is an error, so that it is tried again', async () => {
    await expect(analyseMusic(join(folder, 'gone.mp3'))).rejects.toThrow(/No such file/);
  });
});
