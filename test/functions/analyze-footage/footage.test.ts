import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyseFootage } from '../../../functions/analyze-footage/footage.ts';
import type { FootageAnalysis } from '../../../shared/analysis.ts';
import { ffmpeg } from '../../../shared/media/ffmpeg.ts';
import { type ClipOptions, makeClip } from '../../media/clip.ts';
import { scratchFolder } from '../../media/scratch.ts';

const folder = scratchFolder();

async function analysed(options: ClipOptions): Promise<FootageAnalysis> {
  const result = await analyseFootage((await makeClip(folder, options)).path);
  if (result.kind !== 'footage') throw new Error(result.reason);
  return result;
}
async function reasonFor(path: string): Promise<string> {
  const result = await analyseFootage(path);
  if (result.kind !== 'rejected') throw new Error('the clip was taken');
  expect(result.reason).not.toContain(folder);
  expect(result.reason).not.toMatch(/\n|ffmpeg|Error|^ +at /m);
  return result.reason;
}
const two: ClipOptions['scenes'] = [
  { frames: 30, seed: 1 },
  { frames: 45, seed: 2 },
];

describe('times', () => {
  it('are those of the pictures as shown, though a variable clip leaves some out', async () => {
    const result = await analysed({ name: 'vfr.mp4', scenes: two, keepFrame: (n) => n < 12 || n % 3 === 0 });
    expect(result.frameRate).toBe('25/1');
    expect(result.shots.map(({ startFrame }) => startFrame)).toEqual([0, 30]);
    expect(result.shots[1]?.startSeconds).toBeCloseTo(1.2, 6);
  });

  it.each([
    { name: 'offset.ts', startSeconds: 50 },
    { name: 'offset.mkv', startSeconds: 50 },
    { name: 'late.mp4', pictureDelaySeconds: 0.48 },
  ])('count from the first picture of $name', async (options) => {
    const result = await analysed({ ...options, scenes: two });
    expect(result.shots.map(({ startFrame }) => startFrame)).toEqual([0, 30]);
    expect(result.durationSeconds).toBeCloseTo(3, 6);
  });

  it('of sound are those of the picture, also when it starts later', async () => {
    const scenes = [
      { frames: 50, seed: 1 },
      { frames: 50, seed: 2 },
    ];
    const result = await analysed({ name: 'sound.mp4', scenes, pictureDelaySeconds: 0.6, audio: { silentFrom: 2.4 } });
    expect(result.shots[0]?.loudnessLufs).toBeCloseTo(-20.7, 0);
    expect(result.shots[1]?.loudnessLufs).toBeNull();
  });

  it('are exact at a rate that is no whole number', async () => {
    const result = await analysed({ name: 'ntsc.mp4', scenes: two, frameRate: '30000/1001' });
    expect(result.shots[1]).toMatchObject({ startFrame: 30, startSeconds: (30 * 1001) / 30000 });
  });
});

describe('sizes', () => {
  it.each([
    { options: { name: 'turned.mp4', rotation: 90 as const }, width: 180, height: 320 },
    { options: { name: 'odd.mp4', width: 321, height: 181 }, width: 321, height: 181 },
    { options: { name: 'portrait.mp4', width: 180, height: 320 }, width: 180, height: 320 },
    { options: { name: 'pixels.mp4', sampleAspect: '4:3' }, width: 427, height: 180 },
    { options: { name: 'strip.mp4', width: 640, height: 48 }, width: 640, height: 48 },
    { options: { name: 'tiny.mp4', width: 16, height: 16 }, width: 16, height: 16 },
  ])('$width × $height of $options.name is as shown, and its cut is found', async ({ options, width, height }) => {
    const result = await analysed({ ...options, scenes: two, audio: null });
    expect(result).toMatchObject({ width, height, hasAudio: false });
    expect(result.shots.map(({ startFrame }) => startFrame)).toEqual([0, 30]);
    expect(result.shots.every(({ loudnessLufs }) => loudnessLufs === null)).toBe(true);
  });

  it('and colours of a turned clip are those of the same clip unturned', async () => {
    const upright = await analysed({ name: 'upright.mp4', seconds: 0.6, audio: null });
    const turned = await analysed({ name: 'on-its-side.mp4', seconds: 0.6, audio: null, rotation: 270 });
    for (const axis of [0, 1, 2] as const)
      expect(Math.abs((turned.shots[0]?.colour[axis] ?? 0) - (upright.shots[0]?.colour[axis] ?? 99))).toBeLessThan(1);
  });
});

describe('measures', () => {
  it('of loudness follow BS.1770 in mono, stereo and 5.1, where the surrounds count more and the LFE nothing', async () => {
    const loudness = async (channels: 1 | 2 | 6) =>
      (await analysed({ name: `${channels}.mp4`, seconds: 1.2, audio: { channels, hertz: 997 } })).shots[0]
        ?.loudnessLufs;
    expect(await loudness(1)).toBeCloseTo(-23, 0);
    expect(await loudness(2)).toBeCloseTo(-20, 0);
    expect(await loudness(6)).toBeCloseTo(-20 + 10 * Math.log10(5.82 / 2), 0);
  });

  it('of motion, sharpness and exposure rank clips as eyes do', async () => {
    const shot = async (name: string, scene: object) =>
      (await analysed({ name, scenes: [{ frames: 30, seed: 5, ...scene }], audio: null })).shots[0];
    const still = await shot('still.mp4', { still: true });
    const panned = await shot('panned.mp4', { pan: [0.02, 0] });
    const blurred = await shot('blurred.mp4', { still: true, blur: 9 });
    const dark = await shot('dark.mp4', { still: true, gain: () => 0.3 });
    expect(still?.motion).toBeLessThan(0.02);
    expect(panned?.motion).toBeGreaterThan(0.3);
    expect(still?.sharpness).toBeGreaterThan((blurred?.sharpness ?? 1) + 0.2);
    expect(Math.abs((dark?.sharpness ?? 0) - (still?.sharpness ?? 1))).toBeLessThan(0.1);
    expect(dark?.exposure).toBeLessThan((still?.exposure ?? 0) * 0.5);
  });

  it('of motion are the same at any frame rate', async () => {
    const motion = async (name: string, frameRate: string, step: number) =>
      (await analysed({ name, frameRate, scenes: [{ frames: 50, seed: 6, pan: [step, 0] }], audio: null })).shots[0]
        ?.motion;
    const [slow = 0, fast = 1] = [await motion('25.mp4', '25/1', 0.0125), await motion('50.mp4', '50/1', 0.00625)];
    expect(slow).toBeGreaterThan(0.2);
    expect(Math.abs(fast - slow)).toBeLessThan(0.1);
  });

  it('of HDR are those of the picture as it will be shown, not of its coded values', async () => {
    const hdr = await analysed({ name: 'pq.mp4', seconds: 0.6, hdr: 'pq', audio: null });
    expect(hdr.shots[0]?.exposure).toBeGreaterThan(0.2);
    expect(hdr.shots[0]?.exposure).toBeLessThan(0.9);
  });

  it('over time have a value for each fifth of a second, in which a cut is no motion', async () => {
    const scenes = [
      { frames: 30, seed: 1, still: true },
      { frames: 30, seed: 2, still: true, gain: () => 0.3 },
    ];
    const { curves } = await analysed({ name: 'curves.mp4', scenes, audio: null });
    expect(curves.hopSeconds).toBe(0.2);
    expect([curves.motion, curves.sharpness, curves.exposure].map(({ length }) => length)).toEqual([12, 12, 12]);
    expect(Math.max(...curves.motion)).toBeLessThan(0.05);
    expect(curves.exposure[5]).toBeGreaterThan((curves.exposure[6] ?? 1) * 2);
  });
});

describe('clips that can not be used are rejected with a reason', () => {
  it('sound only', async () => {
    const path = join(folder, 'song.m4a');
    await ffmpeg(['-f', 'lavfi', '-i', 'sine=d=2', path], { timeLimitSeconds: 20 });
    expect(await reasonFor(path)).toBe('The clip has sound but no picture: use it as the music instead');
  });

  it('one picture, or too short', async () => {
    const single = await makeClip(folder, { name: 'single.mp4', scenes: [{ frames: 1 }], audio: null });
    const short = await makeClip(folder, { name: 'short.mp4', scenes: [{ frames: 8 }], audio: null });
    expect(await reasonFor(single.path)).toMatch(/^The clip has a single picture: /);
    expect(await reasonFor(short.path)).toMatch(/^The clip is 0\.32 s long: use one of at least 0\.5 s$/);
  });

  it('text, nothing, and a recording that was cut off before its index', async () => {
    const [text, empty] = [join(folder, 'text.mp4'), join(folder, 'empty.mp4')];
    await writeFile(text, 'shopping list: milk, bread');
    await writeFile(empty, '');
    const cut = await makeClip(folder, { name: 'cut.mp4', seconds: 1, index: 'end', keepBytes: 0.6 });
    expect(await reasonFor(text)).toMatch(/^The clip holds no video or sound that can be read/);
    expect(await reasonFor(empty)).toMatch(/^The clip is empty/);
    expect(await reasonFor(cut.path)).toMatch(/^The clip has no index/);
  });

  it('pictures that no decoder understands', async () => {
    const { path } = await makeClip(folder, { name: 'unknown.mp4', seconds: 1, audio: null });
    const bytes = await readFile(path);
    for (let at = bytes.indexOf('avc1'); at >= 0; at = bytes.indexOf('avc1', at + 4)) bytes.write('zzzz', at, 'latin1');
    await writeFile(path, bytes);
    expect(await reasonFor(path)).toMatch(/can't be decoded.*export it as MP4/);
  });
});

describe('damage', () => {
  it('is passed over: a clip that is cut off is used as far as it goes', async () => {
    const result = await analysed({ name: 'half.mp4', scenes: two, index: 'start', keepBytes: 0.75, audio: null });
    expect(result.durationSeconds).toBeGreaterThan(1.5);
    expect(result.durationSeconds).toBeLessThan(2.96);
    expect(result.shots.map(({ startFrame }) => startFrame)).toEqual([0, 30]);
  });

  it('of a transport stream in its middle costs the damaged part, not the clip', async () => {
    const { path } = await makeClip(folder, { name: 'scratched.ts', scenes: two, audio: null });
    const bytes = await readFile(path);
    bytes.fill(0, Math.floor(bytes.length * 0.6), Math.floor(bytes.length * 0.62));
    await writeFile(path, bytes);
    expect((await analyseFootage(path)).kind).toBe('footage');
  });

  it('that is no fault of the clip is thrown: an aborted signal, a file that is not there', async () => {
    const { path } = await makeClip(folder, { name: 'long.mp4', seconds: 4 });
    const stopping = new AbortController();
    const running = analyseFootage(path, { signal: stopping.signal });
    const reason = new Error('cancelled');
    stopping.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect(analyseFootage(join(folder, 'gone.mp4'))).rejects.toThrow();
    await expect(analyseFootage('http://127.0.0.1:1/nobody/listens')).rejects.toThrow(/Connection refused/);
  });
});
