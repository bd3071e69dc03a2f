import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterIn, makeCounter } from '../../media/counter.ts';
import { meanOf, type Picture } from '../../media/pixels.ts';
import { makeFlat, pieceOf, renderedPictures, scratchFolder, specOf } from './spec.ts';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let grey: string;
let counter: string;
beforeAll(async () => {
  folder = await scratchFolder();
  grey = await makeFlat(folder.path, 'grey.mp4', [136, 128, 128]);
  counter = await makeCounter(folder.path, { name: 'counter.mp4', frames: 40, frameRate: '24/1' });
});
afterAll(() => folder[Symbol.asyncDispose]());

const lumas = (pictures: readonly Picture[]) => pictures.map((picture) => meanOf(picture)[0]);

describe('a segment’s edges', () => {
  for (const [kind, full] of [
    ['black', 16],
    ['white', 235],
  ] as const)
    it(`come out of ${kind} and go into it in equal steps, full at the cut`, async () => {
      const edges = { head: { kind, frames: 4 }, tail: { kind, frames: 5 } };
      const shares = [1, 0.75, 0.5, 0.25, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1];
      const shown = lumas(await renderedPictures(folder.path, specOf(pieceOf(grey, { frames: 12 }), edges)));
      expect(shown).toHaveLength(shares.length);
      for (const [frame, share] of shares.entries())
        expect(Math.abs((shown[frame] ?? 0) - (136 + (full - 136) * share)), `frame ${frame}`).toBeLessThan(2.5);
    });

  it('may be as long as the segment', async () => {
    const spec = specOf(pieceOf(grey, { frames: 3 }), {
      head: { kind: 'black', frames: 6 },
      tail: { kind: 'whip', frames: 3 },
    });
    expect(await renderedPictures(folder.path, spec)).toHaveLength(3);
  });

  it('whip sideways, faster towards the cut, and leave the frames between as they are', async () => {
    const edges = { head: { kind: 'whip' as const, frames: 4 }, tail: { kind: 'whip' as const, frames: 4 } };
    const pictures = await renderedPictures(folder.path, specOf(pieceOf(counter, { frames: 16 }), edges));
    expect(pictures).toHaveLength(16);
    expect(pictures.slice(4, 12).map((picture) => counterIn(picture))).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    // How steep a picture is across and down: a sideways blur takes away the one and leaves the other.
    const steepness = ({ y, width }: Picture, step: number) =>
      y.reduce(
        (most, value, i) => Math.max(most, i >= width && i % width ? Math.abs(value - (y[i - step] ?? 0)) : 0),
        0,
      );
    const across = pictures.map((picture) => steepness(picture, 1));
    for (const [nearer, farther] of [
      [0, 2],
      [15, 13],
      [13, 8],
      [2, 8],
    ] as const)
      expect(across[nearer]).toBeLessThan((across[farther] ?? 0) * 0.8);
    for (const frame of [0, 1, 14, 15]) expect(steepness(pictures[frame] as Picture, 160)).toBeGreaterThan(25);
  });
});
