import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grade } from '../../../functions/render/grade.ts';
import type { Grade } from '../../../shared/timeline.ts';
import { makeCounter } from '../../media/counter.ts';
import { differenceOf, meanOf, type Picture, picturesOf } from '../../media/pixels.ts';
import { makeFlat, pieceOf, renderedPictures, scratchFolder, specOf, UNTOUCHED } from './spec.ts';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let grey: string;
beforeAll(async () => {
  folder = await scratchFolder();
  grey = await makeFlat(folder.path, 'grey.mp4', [126, 128, 128]);
});
afterAll(() => folder[Symbol.asyncDispose]());

const gradedPictures = (clip: string, changes: Partial<Grade>): Promise<Picture[]> =>
  renderedPictures(folder.path, specOf(pieceOf(clip, { frames: 3, grade: { ...UNTOUCHED, ...changes } }), { crf: 1 }));

function deviation({ y }: Picture): number {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  return Math.sqrt(y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length);
}

describe('a grade', () => {
  it('of nothing adds no filter and leaves the picture as it was', async () => {
    expect(grade(UNTOUCHED, null, { width: 160, height: 96 }, 'in', 'out')).toEqual(['[in]null[out]']);
    const source = await picturesOf(grey);
    for (const [i, picture] of (await gradedPictures(grey, {})).entries())
      expect(differenceOf(picture, source[i] as Picture)).toBe(0);
  });

  it('darkens the corners by the vignette’s strength, and not the middle', async () => {
    const corner = { left: 0, right: 0.03, top: 0, bottom: 0.03 };
    const middle = { left: 0.48, right: 0.52, top: 0.48, bottom: 0.52 };
    const corners: number[] = [];
    for (const vignette of [0.3, 1]) {
      const [picture] = await gradedPictures(grey, { vignette });
      expect(meanOf(picture as Picture, middle)[0]).toBeGreaterThan(124);
      corners.push(meanOf(picture as Picture, corner)[0]);
    }
    // 110 levels above black, of which 1 − 0.7·strength are left in the very corner.
    expect(Math.abs((corners[0] ?? 0) - (16 + 110 * 0.79))).toBeLessThan(6);
    expect(Math.abs((corners[1] ?? 0) - (16 + 110 * 0.3))).toBeLessThan(10);
  });

  it('adds grain that is stronger when told so, other in every picture, and in brightness only', async () => {
    const weak = await gradedPictures(grey, { grain: 0.2 });
    const strong = await gradedPictures(grey, { grain: 1 });
    expect(deviation(weak[0] as Picture)).toBeGreaterThan(0.7);
    expect(deviation(strong[0] as Picture)).toBeGreaterThan(2.5 * deviation(weak[0] as Picture));
    expect(differenceOf(strong[0] as Picture, strong[1] as Picture)).toBeGreaterThan(2);
    expect(Math.abs(meanOf(strong[0] as Picture)[0] - 126)).toBeLessThan(1.5);
    expect(new Set((strong[0] as Picture).u)).toEqual(new Set([128]));
  });

  it('steepens edges by as much as it sharpens, and leaves what is even', async () => {
    const blurred = await makeCounter(folder.path, {
      name: 'soft.mp4',
      frames: 3,
      frameRate: '24/1',
      filters: ['lutyuv=y=60+(val-16)/2', 'gblur=sigma=1.5'],
    });
    const steepest = async (sharpen: number) => {
      const [picture] = await gradedPictures(blurred, { sharpen });
      const { y, width } = picture as Picture;
      return y.reduce((most, value, i) => Math.max(most, i % width ? Math.abs(value - (y[i - 1] ?? 0)) : 0), 0);
    };
    const [none, half, full] = [await steepest(0), await steepest(0.5), await steepest(2)];
    expect(half).toBeGreaterThan(none * 1.1);
    expect(full).toBeGreaterThan(half * 1.2);
    const [even] = await gradedPictures(grey, { sharpen: 2 });
    expect(new Set((even as Picture).y).size).toBe(1);
    expect(Math.abs(meanOf(even as Picture)[0] - 126)).toBeLessThan(1.5);
  });
});
