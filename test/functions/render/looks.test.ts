import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graded, type Rgb } from '../../../functions/render/looks.ts';
import { LOOKS, type LookName } from '../../../shared/style.ts';
import { meanOf, type Picture, rgbOf } from '../../media/pixels.ts';
import { BT709, makeFlat, pieceOf, renderedPictures, scratchFolder, specOf, UNTOUCHED } from './spec.ts';

const PATCHES: readonly Rgb[] = [
  [0.1, 0.1, 0.1],
  [0.5, 0.5, 0.5],
  [0.9, 0.9, 0.9],
  [0.8, 0.56, 0.46],
  [0.3, 0.5, 0.8],
  [0.25, 0.55, 0.2],
  [0.7, 0.2, 0.2],
  [0.9, 0.8, 0.3],
];

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let clip: string;
beforeAll(async () => {
  folder = await scratchFolder();
  const boxes = PATCHES.map((patch, i) => {
    const hex = patch
      .map((value) =>
        Math.round(value * 255)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('');
    return `drawbox=x=${i * 32}:y=0:w=32:h=64:c=0x${hex}:t=fill`;
  });
  clip = await makeFlat(folder.path, 'patches.mkv', [16, 128, 128], {
    size: '256x64',
    frames: 2,
    filters: [
      'format=gbrp',
      ...boxes,
      'scale=flags=accurate_rnd:out_color_matrix=bt709:out_range=tv',
      'format=yuv420p',
    ],
    coding: ['-c:v', 'ffv1', ...BT709],
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

async function patchesUnder(look: LookName, intensity: number): Promise<[number, number, number][]> {
  const grade = { ...UNTOUCHED, look, intensity };
  const spec = specOf(pieceOf(clip, { frames: 1, grade }), { width: 256, height: 64, crf: 4 });
  const [picture] = await renderedPictures(folder.path, spec);
  return PATCHES.map((_, i) => {
    const [left, right] = [(i + 0.25) / PATCHES.length, (i + 0.75) / PATCHES.length];
    return rgbOf(meanOf(picture as Picture, { left, right, top: 0.25, bottom: 0.75 }));
  });
}

describe('looks in the picture', () => {
  it('colour every patch as the look says, in proportion to its intensity', async () => {
    const plain = await patchesUnder('none', 1);
    for (const look of ['teal_orange', 'vintage', 'noir'] as const)
      for (const intensity of [0.5, 1]) {
        const patches = await patchesUnder(look, intensity);
        for (const [i, patch] of patches.entries()) {
          const before = (plain[i] ?? [0, 0, 0]).map((value) => value / 255) as unknown as Rgb;
          const wanted = graded(look, intensity, before);
          for (const [channel, value] of patch.entries())
            expect(Math.abs(value - 255 * (wanted[channel] ?? 0)), `${look} ${intensity}, patch ${i}`).toBeLessThan(6);
        }
      }
  });

  it('leave each pixel as it was at intensity 0', async () => {
    expect(await patchesUnder('noir', 0)).toEqual(await patchesUnder('none', 0));
  });
});

describe('looks as functions', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const colour = fc.tuple(unit, unit, unit);
  const look = fc.constantFrom(...LOOKS);

  it('stay within the colours there are, and blend linearly', () => {
    fc.assert(
      fc.property(look, colour, unit, (name, rgb, intensity) => {
        const full = graded(name, 1, rgb);
        const part = graded(name, intensity, rgb);
        for (const channel of [0, 1, 2] as const) {
          expect(full[channel]).toBeGreaterThanOrEqual(0);
          expect(full[channel]).toBeLessThanOrEqual(1);
          expect(part[channel]).toBeCloseTo(rgb[channel] + (full[channel] - rgb[channel]) * intensity, 9);
        }
      }),
    );
  });

  it('keep grey in order: what was brighter stays brighter', () => {
    const luma = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
    for (const name of LOOKS)
      for (let step = 0; step < 64; step++) {
        const [dark, light] = [step / 64, (step + 1) / 64];
        expect(luma(graded(name, 1, [light, light, light])), `${name} at ${light}`).toBeGreaterThanOrEqual(
          luma(graded(name, 1, [dark, dark, dark])) - 1e-9,
        );
      }
  });

  it('can be told apart, every one from every other', () => {
    const shown = LOOKS.map((name) => PATCHES.flatMap((patch) => graded(name, 1, patch)));
    for (const [i, a] of shown.entries())
      for (const [j, b] of shown.entries()) {
        if (j <= i) continue;
        const difference = a.reduce((sum, value, n) => sum + Math.abs(value - (b[n] ?? 0)), 0) / a.length;
        expect(difference * 255, `${LOOKS[i]} and ${LOOKS[j]}`).toBeGreaterThan(2.5);
      }
  });
});
