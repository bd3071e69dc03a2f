import { describe, expect, it } from 'vitest';
import { cpuTiles } from '../../../../functions/upscale/cpu/cpu-tiles.ts';
import { loadModel } from '../../../../functions/upscale/network/models.ts';
import { surroundings } from '../../../../functions/upscale/network/network.ts';
import type { ModelName, Scale } from '../../../../shared/super-resolution.ts';
import { upscalePackagesMissing } from '../packages.ts';

/** Tiles of a picture with so many bytes free: their size, and how often a pixel is read. */
async function tiling(name: ModelName, scale: Scale, [width, height]: readonly [number, number], free: number) {
  const { network } = await loadModel(name, scale);
  const tiles = cpuTiles(network, { width, height, bits: 8, matrix: 'bt709', range: 'limited' }, free);
  const [pixels = 0] = tiles.map(({ read }) => read.width * read.height);
  return { tiles, pixels, often: (tiles.length * pixels) / (width * height), ...surroundings(network) };
}

const FULL_HD = [1920, 1080] as const;

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';

describe.skipIf(upscalePackagesMissing)(`tiles on the CPU${skipped}`, () => {
  it('hold as little as 600 MB have room for, where few pixels are read twice', async () => {
    for (const free of [1e9, 16e9, 256e9]) {
      const { pixels, often } = await tiling('slim', 2, FULL_HD, free);
      expect(pixels).toBeLessThan(270_000);
      expect(often).toBeLessThan(1.13);
    }
    expect((await tiling('medium', 2, FULL_HD, 16e9)).often).toBeLessThan(1.2);
  });

  it.each([
    ['slim', 2],
    ['slim', 8],
    ['medium', 2],
    ['thick', 2],
    ['thick', 4],
    ['thick', 8],
  ] as const)(
    'and pictures take no more than is free, or are as small as makes sense: %s × %i',
    async (name, scale) => {
      const bytes = 2100 + 75 * scale ** 2;
      for (const [width, height] of [FULL_HD, [1280, 720], [8192 / scale, 4352 / scale]] as const) {
        // Of both that are under way, numbers of 32 bits and what is made of them.
        const pictures = 2 * 1.5 * width * height * scale ** 2 * (4 + 1);
        for (const free of [0, 2e8, 5e8, 1e9, 2e9, 4e9, 16e9]) {
          const { pixels, often, overlap } = await tiling(name, scale, [width, height], free);
          const isSmallest = pixels <= (3 * overlap) ** 2 || pixels * bytes <= 50e6;
          if (!isSmallest) expect(pixels * bytes + pictures).toBeLessThan(free);
          expect(often).toBeLessThan(12);
        }
      }
    },
  );

  it('are small where little is free', async () => {
    expect((await tiling('slim', 2, FULL_HD, 2e8)).pixels * 2400).toBeLessThan(5e7);
    expect((await tiling('slim', 2, FULL_HD, 5e8)).pixels * 2400).toBeLessThan(2e8);
    expect((await tiling('thick', 4, FULL_HD, 2e8)).pixels * 3300).toBeLessThan(7.2e8);
  });

  it('take more memory where a network looks far, as far as there is some', async () => {
    const [little, some, much] = await Promise.all([1e9, 5e9, 24e9].map((free) => tiling('thick', 2, FULL_HD, free)));
    expect(much?.often).toBeLessThan(1.25);
    expect(some?.often).toBeLessThan(2);
    expect((some?.pixels ?? 0) * 2400).toBeLessThan(2.5e9);
    // Even where there is next to none, a pixel is not made a hundred times.
    expect(little?.often).toBeLessThan(12);
    expect((await tiling('thick', 8, FULL_HD, 1e9)).often).toBeLessThan(12);
  });

  it('are the whole of a small picture', async () => {
    expect((await tiling('thick', 2, [160, 90], 1e9)).tiles).toHaveLength(1);
  });

  it('reach over each other by what a pixel depends on', async () => {
    const { tiles, overlap, margin } = await tiling('slim', 2, FULL_HD, 16e9);
    for (const { read, keep } of tiles) {
      expect(read.x).toBeLessThanOrEqual(Math.max(-margin, keep.x - overlap));
      expect(read.y + read.height).toBeGreaterThanOrEqual(Math.min(1080 + margin, keep.y + keep.height + overlap));
    }
  });
});
