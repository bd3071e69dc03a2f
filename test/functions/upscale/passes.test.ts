import { describe, expect, it } from 'vitest';
import type { Model } from '../../../functions/upscale/network/model.ts';
import { openInPasses, passesOf } from '../../../functions/upscale/passes.ts';
import { MODEL_NAMES, SCALES } from '../../../shared/super-resolution.ts';
import { enlargedBytes, type Nearest, nearest } from './video/nearest.ts';

const FORMAT = { width: 6, height: 4, bits: 8, matrix: 'bt709', range: 'limited' } as const;
const models = (count: number) => Array.from({ length: count }, () => ({ network: { scale: 2 } }) as Model);

/** A device that opens so many upscalers, each by 2. */
function bench(most = Infinity) {
  const opened: Nearest[] = [];
  const open = async (_model: Model, from: typeof FORMAT | Nearest['to']) => {
    if (opened.length >= most) throw new Error('There is no memory left');
    const upscaler = nearest(from, 2);
    opened.push(upscaler);
    return upscaler;
  };
  return { opened, device: { open } };
}

describe('passes', () => {
  it('make a picture as much larger as was asked, however they are cut', () => {
    for (const name of MODEL_NAMES)
      for (const scale of SCALES) expect(passesOf(name, scale).reduce((all, each) => all * each, 1)).toBe(scale);
    expect(passesOf('slim', 8)).toEqual([2, 2, 2]);
    expect(passesOf('thick', 8)).toEqual([8]);
  });

  it('each read what the one before made', async () => {
    const { device, opened } = bench();
    await using upscaler = await openInPasses(device, models(3), FORMAT);
    expect(upscaler.to).toMatchObject({ width: 48, height: 32 });
    const picture = Uint8Array.from({ length: 36 }, (_, n) => 7 * n);
    expect(await upscaler.upscale(picture)).toEqual(enlargedBytes(picture, FORMAT, 8));
    expect(opened.map(({ given }) => given.length)).toEqual([1, 1, 1]);
  });

  it('are closed together', async () => {
    const { device, opened } = bench();
    const upscaler = await openInPasses(device, models(3), FORMAT);
    expect(opened.some(({ disposed }) => disposed)).toBe(false);
    await upscaler[Symbol.asyncDispose]();
    expect(opened.map(({ disposed }) => disposed)).toEqual([true, true, true]);
  });

  it('are closed when one of them can not be opened', async () => {
    const { device, opened } = bench(2);
    await expect(openInPasses(device, models(3), FORMAT)).rejects.toThrow('There is no memory left');
    expect(opened.map(({ disposed }) => disposed)).toEqual([true, true]);
  });
});
