import { createHash } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { joinSegments } from '../../../functions/assemble/join.ts';
import { smallFormat, upscaleChunk } from '../../../functions/upscale/chunk.ts';
import { openCpuUpscaler } from '../../../functions/upscale/cpu/cpu-upscaler.ts';
import { loadModel } from '../../../functions/upscale/network/models.ts';
import { type ChunkSpec, UPSCALER_VERSION } from '../../../shared/chunks.ts';
import { secondsAt } from '../../../shared/frame-rate.ts';
import { ffmpeg, ffprobe, input } from '../../../shared/media/ffmpeg.ts';
import { counterIn, makeCounter } from '../../media/counter.ts';
import { meanOf, type Picture, picturesOf } from '../../media/pixels.ts';
import { scratchFolder } from '../../media/scratch.ts';
import { makeFlat, pieceOf, rendered, specOf } from '../render/spec.ts';
import { upscalePackagesMissing } from './packages.ts';
import { psnr } from './raw-picture.ts';
import { nearest } from './video/nearest.ts';
import { mediaProcesses } from './video/running.ts';

const LIMIT = { timeLimitSeconds: 60 };
const RATE = '30000/1001';
const folder = scratchFolder();
const never = new AbortController().signal;

const chunkOf = (changes: Partial<ChunkSpec>): ChunkSpec => ({
  upscalerVersion: UPSCALER_VERSION,
  segment: 'a'.repeat(64),
  fromFrame: 0,
  frames: 10,
  upscale: { scale: 2, model: 'slim', onCpu: true },
  width: 320,
  height: 192,
  frameRate: RATE,
  crf: 12,
  preset: 'medium',
  grain: [{ frames: changes.frames ?? 10, level: 0 }],
  ...changes,
});

/** Makes a chunk larger by the nearest neighbour, and gives back its file. */
async function made(spec: ChunkSpec, segment: string, name: string): Promise<string> {
  const out = join(folder, name);
  await upscaleChunk(spec, segment, out, { upscaler: nearest(smallFormat(spec), spec.upscale.scale), signal: never });
  return out;
}

let clip: string;
/** 95 frames that show their numbers from 100 on. */
let segment: string;
beforeAll(async () => {
  clip = await makeCounter(folder, { name: 'clip.mp4', frames: 240, frameRate: RATE });
  const piece = pieceOf(clip, { sourceFrame: 100, frames: 95 });
  segment = await rendered(folder, specOf(piece, { frameRate: RATE, preset: 'medium' }), 'small.mp4');
});

describe('a chunk', () => {
  // Near key frames, which lie two seconds apart, and away from them; with frames that B-frames shift about.
  it.each([
    [0, 5],
    [1, 4],
    [37, 20],
    [59, 3],
    [60, 2],
    [61, 1],
    [80, 15],
  ])('from frame %d on has just those %d of its segment’s frames', async (fromFrame, frames) => {
    const shown = await picturesOf(await made(chunkOf({ fromFrame, frames }), segment, 'chunk.mp4'));
    expect(shown.map((picture) => counterIn(picture))).toEqual(
      Array.from({ length: frames }, (_, i) => 100 + fromFrame + i),
    );
    expect(shown[0]).toMatchObject({ width: 320, height: 192 });
  });

  it('joins others and segments that were rendered large by copying, each frame in its place and time', async () => {
    const pieces = [
      { path: await made(chunkOf({ fromFrame: 0, frames: 1 }), segment, 'j0.mp4'), frames: 1, first: 100 },
      { path: await made(chunkOf({ fromFrame: 30, frames: 17 }), segment, 'j1.mp4'), frames: 17, first: 130 },
      { path: await large(0, 20), frames: 20, first: 0 },
      { path: await made(chunkOf({ fromFrame: 5, frames: 2 }), segment, 'j2.mp4'), frames: 2, first: 105 },
    ];
    const scratch = await mkdtemp(join(folder, 'join-'));
    const joined = join(scratch, 'joined.mp4');
    const picture = await joinSegments(pieces, RATE, scratch);
    await ffmpeg(['-v', 'error', '-i', picture, '-c', 'copy', joined], LIMIT);
    const expected = pieces.flatMap(({ first, frames }) => Array.from({ length: frames }, (_, i) => first + i));
    expect((await picturesOf(joined)).map((shown) => counterIn(shown))).toEqual(expected);
    const times = ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', ...input(joined)];
    const shown = (await ffprobe(times, LIMIT)).split('\n').map(Number.parseFloat).filter(Number.isFinite);
    for (const [frame, seconds] of shown.sort((a, b) => a - b).entries())
      expect(Math.abs(seconds - secondsAt(frame, RATE))).toBeLessThan(0.001);
  });

  it('has the very headers of a segment that was rendered large', async () => {
    const headers = await Promise.all(
      [await made(chunkOf({ frames: 9 }), segment, 'header.mp4'), await large(3, 12)].map(async (path) => {
        const bytes = await readFile(path);
        const at = bytes.indexOf('avcC');
        return bytes.subarray(at - 4, at - 4 + bytes.readUInt32BE(at - 4)).toString('hex');
      }),
    );
    expect(headers[0]).toBe(headers[1]);
  });

  it('says in its file what computed it, and is the same bytes when it is made twice', async () => {
    const spec = chunkOf({ fromFrame: 20, frames: 6, grain: [{ frames: 6, level: 4 }] });
    const files = [await made(spec, segment, 'once.mp4'), await made(spec, segment, 'again.mp4')];
    const [one, other] = await Promise.all(
      files.map(async (path) =>
        createHash('md5')
          .update(await readFile(path))
          .digest('hex'),
      ),
    );
    expect(one).toBe(other);
    const tags = ['-v', 'error', '-show_entries', 'format_tags=comment', '-of', 'csv=p=0', ...input(files[0] ?? '')];
    expect((await ffprobe(tags, LIMIT)).trim()).toBe('nearest neighbour');
  });

  it('computes frames that stand still once', async () => {
    const flat = await makeFlat(folder, 'flat.mp4', [120, 128, 128]);
    const still = await rendered(folder, specOf(pieceOf(flat, { frames: 12 }), { crf: 1 }), 'still.mp4');
    const spec = chunkOf({ frames: 12, frameRate: '24/1' });
    const upscaler = nearest(smallFormat(spec), 2);
    await upscaleChunk(spec, still, join(folder, 'stood.mp4'), { upscaler, signal: never });
    expect(upscaler.given).toHaveLength(1);
    expect(await picturesOf(join(folder, 'stood.mp4'))).toHaveLength(12);
  });

  it('has grain in the frames that are to have it, as strong as it is to be, and no other', async () => {
    const flat = await makeFlat(folder, 'grey.mp4', [120, 128, 128]);
    const still = await rendered(folder, specOf(pieceOf(flat, { frames: 12 }), { crf: 1 }), 'grey-small.mp4');
    const grain = [
      { frames: 3, level: 0 },
      { frames: 5, level: 4 },
      { frames: 4, level: 16 },
    ];
    const shown = await picturesOf(
      await made(chunkOf({ frames: 12, frameRate: '24/1', grain, crf: 2 }), still, 'grainy.mp4'),
    );
    const spreads = shown.map(spread);
    expect(Math.max(...spreads.slice(0, 3))).toBeLessThan(0.3);
    for (const [from, to, least, most] of [
      [3, 8, 0.5, 4],
      [8, 12, 4, 16],
    ] as const)
      for (const each of spreads.slice(from, to)) {
        expect(each).toBeGreaterThan(least);
        expect(each).toBeLessThan(most);
      }
    for (const picture of shown) expect(Math.abs(meanOf(picture)[0] - 120)).toBeLessThan(1);
  });

  it('has other grain in each frame: in a dissolve, in the next chunk and in the next segment', async () => {
    const flat = await makeFlat(folder, 'dissolved.mp4', [120, 128, 128]);
    const still = await rendered(folder, specOf(pieceOf(flat, { frames: 12 }), { crf: 1 }), 'dissolved-small.mp4');
    const rising = (from: number) => Array.from({ length: 6 }, (_, i) => ({ frames: 1, level: from + i }));
    const of = { frames: 6, frameRate: '24/1', crf: 2 } as const;
    const shown = [
      ...(await picturesOf(await made(chunkOf({ ...of, grain: rising(8) }), still, 'rising.mp4'))),
      ...(await picturesOf(await made(chunkOf({ ...of, fromFrame: 6, grain: rising(14) }), still, 'risen.mp4'))),
      ...(await picturesOf(
        await made(chunkOf({ ...of, segment: 'b'.repeat(64), grain: rising(8) }), still, 'other.mp4'),
      )),
    ];
    expect(shown).toHaveLength(18);
    const grains = shown.map(apartFromMean);
    for (const [i, one] of grains.entries())
      for (const other of grains.slice(i + 1)) expect(Math.abs(likeness(one, other))).toBeLessThan(0.1);
  });

  it('that reaches beyond its segment is no chunk of it', async () => {
    await expect(made(chunkOf({ fromFrame: 90, frames: 10 }), segment, 'beyond.mp4')).rejects.toThrow(
      /has 5 frames from 90 on, not 10/,
    );
    if (process.platform === 'linux') expect(await mediaProcesses()).toEqual([]);
  });

  it('that nobody wants any more ends at once, with no ffmpeg left', async () => {
    const stop = new AbortController();
    const spec = chunkOf({ frames: 80 });
    const before = async (n: number) => {
      if (n === 12) stop.abort(new Error('The job was cancelled'));
      await wait(20);
    };
    const upscaler = nearest(smallFormat(spec), 2, { before });
    const making = upscaleChunk(spec, segment, join(folder, 'cancelled.mp4'), { upscaler, signal: stop.signal });
    await expect(making).rejects.toThrow('The job was cancelled');
    expect(upscaler.given.length).toBeLessThan(20);
    if (process.platform === 'linux') expect(await mediaProcesses()).toEqual([]);
  });

  it.skipIf(upscalePackagesMissing)(
    `is what the network makes of its frames${upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : ''}`,
    async () => {
      const spec = chunkOf({ fromFrame: 40, frames: 2, crf: 4 });
      const model = await loadModel('slim', 2);
      await using upscaler = await openCpuUpscaler({ model, format: smallFormat(spec) });
      const out = join(folder, 'network.mp4');
      await upscaleChunk(spec, segment, out, { upscaler, signal: never });
      const small = (await picturesOf(segment)).slice(40, 42);
      for (const [i, picture] of (await picturesOf(out)).entries()) {
        const own = await upscaler.upscale(bytesOf(small[i] as Picture));
        expect(psnr(own, bytesOf(picture), 255)).toBeGreaterThan(40);
      }
    },
  );
});

/** A segment of the same timeline that was rendered large, showing numbers from `first` on. */
const large = (first: number, frames: number) =>
  rendered(
    folder,
    specOf(pieceOf(clip, { sourceFrame: first, frames }), {
      ...{ width: 320, height: 192, frameRate: RATE, preset: 'medium' },
    }),
    `large-${first}.mp4`,
  );

const bytesOf = ({ y, u, v }: Picture) => Buffer.concat([y, u, v]);

/** Standard deviation of a picture's luma. */
function spread({ y }: Picture): number {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  return Math.sqrt(y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length);
}

function apartFromMean({ y }: Picture): Float64Array {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  return Float64Array.from(y, (value) => value - mean);
}

/** Correlation of two pictures that are apart from their means: 1 where they differ in strength alone. */
function likeness(one: Float64Array, other: Float64Array): number {
  const product = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other));
}
