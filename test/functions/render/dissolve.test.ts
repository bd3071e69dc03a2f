import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterIn, makeCounter } from '../../media/counter.ts';
import { meanOf } from '../../media/pixels.ts';
import { makeFlat, pieceOf, renderedPictures, scratchFolder, specOf, UNTOUCHED } from './spec.ts';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
  folder = await scratchFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('a dissolve', () => {
  it('gives way in equal steps from the first clip to the second, in brightness and colour', async () => {
    const [before, after] = [[40, 100, 160] as const, [200, 150, 90] as const];
    const from = pieceOf(await makeFlat(folder.path, 'from.mp4', before), { frames: 7 });
    const main = pieceOf(await makeFlat(folder.path, 'main.mp4', after), { frames: 12 });
    const pictures = await renderedPictures(folder.path, specOf(main, { from, frameRate: '30000/1001' }));
    expect(pictures).toHaveLength(12);
    for (const [frame, picture] of pictures.entries()) {
      const share = Math.min(1, (frame + 1) / 8);
      for (const [plane, value] of meanOf(picture).entries()) {
        const wanted = (before[plane] ?? 0) + ((after[plane] ?? 0) - (before[plane] ?? 0)) * share;
        expect(Math.abs(value - wanted), `frame ${frame}, plane ${plane}`).toBeLessThan(2.5);
      }
    }
  });

  it('plays both clips on, each from its own place and under its own look', async () => {
    const clip = await makeCounter(folder.path, { name: 'counter.mp4', frames: 60, frameRate: '24/1' });
    const black = await makeFlat(folder.path, 'black.mp4', [16, 128, 128]);
    const outgoing = specOf(pieceOf(black, { frames: 8 }), { from: pieceOf(clip, { sourceFrame: 33, frames: 6 }) });
    const [first] = await renderedPictures(folder.path, outgoing);
    expect(first && counterIn(first)).toBe(33);
    const grade = { ...UNTOUCHED, look: 'noir' as const, intensity: 1 };
    const incoming = specOf(pieceOf(clip, { sourceFrame: 20, frames: 8, grade }), {
      from: pieceOf(black, { frames: 3 }),
    });
    const shown = (await renderedPictures(folder.path, incoming)).map((picture) => counterIn(picture));
    expect(shown.slice(2)).toEqual([22, 23, 24, 25, 26, 27]);
  });
});
