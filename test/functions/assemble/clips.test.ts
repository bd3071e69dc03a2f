import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSound } from '../../../functions/assemble/pcm.ts';
import { recordMix } from '../../../functions/assemble/sound.ts';
import { type FrameRate, secondsAt } from '../../../shared/frame-rate.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { type CutGiven, makeTalkingClip, rms, stereo, timelineOf, writeSong } from './material.ts';

let folder: string;
let silence: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-clips-'));
  silence = await writeSong(folder, 'silence.wav', new Float32Array(48_000 * 2 * 10));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The mix of a timeline whose music is silent and whose clips lie in the folder by their names. */
async function mixOf(timeline: Timeline): Promise<Float32Array> {
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  const openClip = async (source: { file: string }) => join(folder, source.file);
  const { path } = await recordMix({ timeline, music: silence, openClip, scratch });
  const blocks: number[] = [];
  for await (const block of readSound(path)) for (const sample of block) blocks.push(sample);
  return Float32Array.from(blocks);
}

const heard = (file: string, cuts: CutGiven[], rate: FrameRate = '25/1') =>
  mixOf(timelineOf({ rate, sound: { sourceAudio: 'dialogue' }, sources: [{ file }], cuts }));

/** Samples of the left channel that stand out: the first of each run above half of the highest. */
function ticksIn(sound: Float32Array): number[] {
  const left = sound.filter((_, i) => i % 2 === 0).map(Math.abs);
  const half = left.reduce((a, b) => Math.max(a, b), 0) / 2;
  const isFirst = (n: number) => !left.subarray(Math.max(0, n - 50), n).some((value) => value > half);
  return [...left.entries()].flatMap(([n, value]) => (value > half && isFirst(n) ? [n] : []));
}

/** One loud sample every 0.2 s from 0.1 s on. */
const ticking = (seconds: number) => stereo(seconds, (t) => (Math.round(t * 48_000) % 9600 === 4800 ? 0.9 : 0));

/** Where those ticks belong in a montage of such cuts: as far from each cut as from the picture it starts with. */
function ticksExpected(cuts: CutGiven[], rate: FrameRate): number[] {
  let frame = 0;
  return cuts.flatMap((cut) => {
    const at = secondsAt(frame, rate);
    frame += cut.frames;
    return Array.from({ length: 60 }, (_, n) => 0.1 + 0.2 * n - secondsAt(cut.sourceFrame ?? 0, rate))
      .filter((seconds) => seconds > 0 && seconds < secondsAt(cut.frames, rate))
      .map((seconds) => Math.round((at + seconds) * 48_000));
  });
}

function expectTicks(found: number[], expected: number[], tolerance: number): void {
  expect(found.length).toBe(expected.length);
  expect(Math.max(...found.map((sample, i) => Math.abs(sample - (expected[i] as number))))).toBeLessThanOrEqual(
    tolerance,
  );
}

const CUTS = [
  { frames: 23, sourceFrame: 0 },
  { frames: 31, sourceFrame: 77 },
  { frames: 19, sourceFrame: 12 },
];

describe("the clips' own sound", () => {
  it.each(['25/1', '24000/1001', '30000/1001'] as const)(
    'lies to the sample where the pictures lie at %s',
    async (rate) => {
      const file = `ticks-${rate.replace('/', '-')}.mov`;
      await makeTalkingClip(folder, file, ticking(6), { rate });
      const mix = await heard(file, CUTS, rate);
      expectTicks(ticksIn(mix), ticksExpected(CUTS, rate), 1);
      expect(mix.length / 2).toBe(Math.round(secondsAt(73, rate) * 48_000));
    },
  );

  it('lies there in AAC too, right from the first samples after a seek', async () => {
    await makeTalkingClip(folder, 'aac.mp4', ticking(6), { options: ['-c:a', 'aac', '-b:a', '256k'] });
    const cuts = [
      { frames: 20, sourceFrame: 52 },
      { frames: 30, sourceFrame: 101 },
    ];
    expectTicks(ticksIn(await heard('aac.mp4', cuts)), ticksExpected(cuts, '25/1'), 2);
  });

  it("lies there when the file's clock doesn't start at zero", async () => {
    await makeTalkingClip(folder, 'late.mkv', ticking(6), { options: ['-output_ts_offset', '7'] });
    // Matroska counts in milliseconds: 48 samples.
    expectTicks(ticksIn(await heard('late.mkv', CUTS)), ticksExpected(CUTS, '25/1'), 48);
  });

  it('is counted from the first picture, also when that comes after the sound', async () => {
    await makeTalkingClip(folder, 'delayed.mkv', ticking(6), { pictureDelaySeconds: 0.4 });
    expectTicks(ticksIn(await heard('delayed.mkv', CUTS)), ticksExpected(CUTS, '25/1'), 48);
  });

  it('does not click at a cut', async () => {
    const second = (at: (t: number) => number) => stereo(4, at);
    await makeTalkingClip(
      folder,
      'sine.mov',
      second((t) => 0.7 * Math.cos(2 * Math.PI * 220 * t)),
    );
    const cuts = [3, 41, 17, 60].map((sourceFrame) => ({ frames: 25, sourceFrame }));
    const mix = await heard('sine.mov', cuts);
    const bends = (sound: Float32Array) => {
      let most = 0;
      for (let n = 2; n < sound.length - 2; n += 2) {
        const bend = (sound[n - 2] as number) - 2 * (sound[n] as number) + (sound[n + 2] as number);
        most = Math.max(most, Math.abs(bend));
      }
      return most;
    };
    // The same butted together bends a hundred times as sharply.
    const butted = Float32Array.from(
      [3, 41, 17, 60].flatMap((from) => [
        ...second((t) => 0.7 * Math.cos(2 * Math.PI * 220 * (t + from / 25))).subarray(0, 96_000),
      ]),
    );
    expect(bends(butted)).toBeGreaterThan(0.1);
    expect(bends(mix)).toBeLessThan(0.01);
  });

  it('crosses over a dissolve as long as the pictures do, without a hole', async () => {
    await makeTalkingClip(
      folder,
      'low.mov',
      stereo(4, (t) => 0.4 * Math.sin(2 * Math.PI * 300 * t)),
    );
    await makeTalkingClip(
      folder,
      'high.mov',
      stereo(4, (t) => 0.4 * Math.sin(2 * Math.PI * 1234 * t)),
    );
    const mix = await mixOf(
      timelineOf({
        sound: { sourceAudio: 'dialogue' },
        sources: [{ file: 'low.mov' }, { file: 'high.mov' }],
        cuts: [
          { frames: 50, source: 0 },
          { frames: 50, source: 1, sourceFrame: 20, transition: { kind: 'crossfade', inFrames: 10, outFrames: 10 } },
        ],
      }),
    );
    const steady = rms(mix, 0.5, 1.5);
    expect(rms(mix, 1.9, 2.1) / steady).toBeCloseTo(1, 1);
    expect(rms(mix, 1.65, 1.7) / steady).toBeCloseTo(1, 1);
    // At a quarter of the way the one coming in is still well below the one going out.
    const share = (hertz: number, from: number) => {
      let [re, im] = [0, 0];
      for (let n = Math.round(from * 48_000); n < Math.round((from + 0.05) * 48_000); n++) {
        re += (mix[2 * n] as number) * Math.cos((2 * Math.PI * hertz * n) / 48_000);
        im += (mix[2 * n] as number) * Math.sin((2 * Math.PI * hertz * n) / 48_000);
      }
      return Math.hypot(re, im);
    };
    expect(share(1234, 1.5)).toBeLessThan(share(300, 1.5) / 20);
    expect(share(1234, 1.75) / share(300, 1.75)).toBeCloseTo(0.4, 0);
    expect(share(300, 2.45)).toBeLessThan(share(1234, 2.45) / 20);
  });

  it('keeps its pitch and fills the cut in slow motion', async () => {
    await makeTalkingClip(
      folder,
      'tone.mov',
      stereo(4, (t) => 0.5 * Math.sin(2 * Math.PI * 440 * t)),
    );
    const mix = await heard('tone.mov', [{ frames: 50, sourceFrame: 0, sourceFrames: 40 }]);
    let crossings = 0;
    for (let n = 24_001; n < 72_000; n++)
      if ((mix[2 * n - 2] as number) < 0 && (mix[2 * n] as number) >= 0) crossings++;
    expect(Math.abs(crossings - 440)).toBeLessThanOrEqual(4);
    expect(rms(mix, 1.8, 1.95)).toBeGreaterThan(0.3);
  });

  it('is silence where a clip has none, and where its sound has ended', async () => {
    await makeTalkingClip(
      folder,
      'short.mov',
      stereo(1.5, (t) => 0.5 * Math.sin(2 * Math.PI * 440 * t)),
    );
    const mix = await mixOf(
      timelineOf({
        sound: { sourceAudio: 'dialogue' },
        sources: [{ file: 'short.mov' }, { file: 'mute.mov', hasAudio: false }],
        cuts: [
          { frames: 50, source: 0, sourceFrame: 12 },
          { frames: 25, source: 1 },
        ],
      }),
    );
    expect(rms(mix, 0.1, 0.9)).toBeGreaterThan(0.3);
    expect(rms(mix, 1.1, 3)).toBe(0);
  });
});
