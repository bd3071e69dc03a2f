import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutRepeats } from '../../../../functions/upscale/video/repeated.ts';
import { ffmpeg, input } from '../../../../shared/media/ffmpeg.ts';
import { counterIn, makeCounter } from '../../../media/counter.ts';
import { picturesOf } from '../../../media/pixels.ts';
import { scratchFolder } from '../../../media/scratch.ts';
import { upscaled } from './nearest.ts';
import { timesShown, timesWritten } from './shown.ts';

const folder = scratchFolder();

describe('a picture like the one before it', () => {
  it('has the same result, and only the first is computed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 2 })), async (shown) => {
        const given: number[] = [];
        const once = withoutRepeats(async (picture) => {
          given.push(picture[1] as number);
          return Uint8Array.of(...picture, 9);
        });
        // All at once: a picture may come again before its first result is there.
        const results = await Promise.all(shown.map((value) => once.upscale(Uint8Array.of(7, value))));
        expect(results.map((result) => [...result])).toEqual(shown.map((value) => [7, value, 9]));
        expect(given).toEqual(shown.filter((value, i) => value !== shown[i - 1]));
        expect(once.repeated).toBe(shown.length - given.length);
      }),
    );
  });

  it('isn’t one that begins alike and is longer', async () => {
    const once = withoutRepeats(async (picture) => picture);
    expect(await once.upscale(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 2));
    expect(await once.upscale(Uint8Array.of(1, 2, 0))).toEqual(Uint8Array.of(1, 2, 0));
    expect(once.repeated).toBe(0);
  });

  it('fails as that one does', async () => {
    const once = withoutRepeats(() => Promise.reject(new Error('lost')));
    for (let i = 0; i < 2; i++) await expect(once.upscale(Uint8Array.of(1))).rejects.toThrow('lost');
  });
});

it('a film of 12 pictures a second shown as 24 is computed at 12, and keeps its 24', async () => {
  const drawn = await makeCounter(folder, { name: 'twelve.mp4', frames: 20, frameRate: '12/1' });
  const path = join(folder, 'twice.mkv');
  // Without loss, what is drawn once is decoded twice the same.
  const coding = ['-vf', 'fps=24', '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0'];
  await ffmpeg(['-v', 'error', ...input(drawn), ...coding, path], { timeLimitSeconds: 60 });
  const out = join(folder, 'twice-large.mp4');
  const { frames, repeated, upscaler } = await upscaled(path, out);
  expect(frames).toBe(40);
  expect(repeated).toBe(20);
  expect(upscaler.given.length).toBe(frames - repeated);
  expect((await picturesOf(out)).map((picture) => counterIn(picture))).toEqual(
    Array.from({ length: 40 }, (_, i) => i >> 1),
  );
  expect(await timesWritten(out)).toEqual(await timesShown(path));
});
