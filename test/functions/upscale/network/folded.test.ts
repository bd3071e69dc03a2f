import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCpuUpscaler } from '../../../../functions/upscale/cpu/cpu-upscaler.ts';
import { folded } from '../../../../functions/upscale/network/folded.ts';
import { loadModel, publishedModel } from '../../../../functions/upscale/network/models.ts';
import {
  channelsOf,
  multiplyAdds,
  type Network,
  NetworkSchema,
  reach,
} from '../../../../functions/upscale/network/network.ts';
import { upscalePackagesMissing } from '../packages.ts';
import { farthest, psnr, rawPicture } from '../raw-picture.ts';
import { byChance, chanceOf, enlargedByDefinition, type FeatureMap, mapOf, valueAt } from './by-definition.ts';

const KERNELS = [1, 3, 5] as const;

/** Networks in which each convolution reads some of what is there, and some add what is there. */
const networks = fc
  .array(
    fc.record({
      relu: fc.boolean(),
      reads: fc.array(fc.record({ map: fc.nat(5), kernel: fc.constantFrom(...KERNELS) }), {
        minLength: 1,
        maxLength: 3,
      }),
      adds: fc.array(fc.record({ times: fc.constantFrom(1, 0.2, -1.5), map: fc.nat(4) }), { maxLength: 2 }),
    }),
    { minLength: 2, maxLength: 5 },
  )
  .map((all): Network => {
    const outputs = 2;
    return NetworkSchema.parse({
      ...{ scale: 2, range: 1 },
      convolutions: all.map(({ relu, reads, adds }, n) => {
        const there = ['picture', ...all.slice(0, n).map((_, each) => `m${each}`)];
        const from = reads.map(({ map, kernel }) => ({ map: there[map % there.length] as string, kernel }));
        const plus = n === 0 ? [] : adds.map(({ times, map }) => ({ times, map: `m${map % n}` }));
        return { name: `m${n}`, from, outputs, relu, plus };
      }),
      last: { name: 'end', from: `m${all.length - 1}`, enlargement: 'nearest', kernel: 3, inputs: outputs },
    });
  });

/** What is so far from a map's edges. */
const within = (map: FeatureMap, far: number): number[] =>
  Array.from({ length: Math.max(0, map.height - 2 * far) }, (_, y) =>
    Array.from({ length: Math.max(0, map.width - 2 * far) }, (_, x) =>
      [0, 1, 2].map((colour) => valueAt(map, x + far, y + far, colour)),
    ),
  ).flat(2);

describe('a folded network', () => {
  it('makes what the whole one makes, for any network: everywhere, or but for the edge where kernels are larger than 1', () => {
    let saved = 0;
    fc.assert(
      fc.property(networks, fc.nat(), (network, seed) => {
        const chance = chanceOf(seed);
        const whole = byChance(network, chance);
        const less = folded(whole);
        const far = network.convolutions.every(({ from }) => from.every(({ kernel }) => kernel === 1))
          ? 0
          : reach(network);
        const side = 2 * far + 3;
        const picture = mapOf(side, side, 3, chance);
        const wanted = within(enlargedByDefinition(whole, picture), 2 * far);
        const made = within(enlargedByDefinition(less, picture), 2 * far);
        expect(wanted.length).toBe(36 * 3);
        expect(farthest(made, wanted) / Math.max(1, ...wanted.map(Math.abs))).toBeLessThan(1e-5);
        if (less.network.convolutions.length < network.convolutions.length) saved++;
      }),
      { numRuns: 150 },
    );
    expect(saved).toBeGreaterThan(20);
  });

  it('reads only what is there, as many channels as it has numbers for', () => {
    fc.assert(
      fc.property(networks, (network) => {
        const less = folded(byChance(network, chanceOf(1)));
        NetworkSchema.parse(less.network);
        const channels = channelsOf(less.network);
        const there = new Set(['picture']);
        for (const { name, from, outputs, plus } of less.network.convolutions) {
          expect([...from, ...plus].filter(({ map }) => !there.has(map))).toEqual([]);
          expect(less.weights.get(name)?.kernels.map(({ length }) => length)).toEqual(
            from.map(({ map, kernel }) => kernel ** 2 * (channels.get(map) as number) * outputs),
          );
          there.add(name);
        }
        expect(reach(less.network)).toBeLessThanOrEqual(reach(network));
      }),
    );
  });
});

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';

describe.skipIf(upscalePackagesMissing)(`a published network, folded${skipped}`, () => {
  it.each([
    ['slim', 72_824],
    ['medium', 620_752],
    ['thick', 7_114_440],
  ] as const)('costs less: %s × 2', async (name, cost) => {
    const { network } = await loadModel(name, 2);
    expect(multiplyAdds(network)).toBe(cost);
    expect(multiplyAdds(network)).toBeLessThan(multiplyAdds((await publishedModel(name, 2)).network));
  });

  it.each(['slim', 'medium'] as const)('makes the same picture, its edges too: %s', async (name) => {
    const format = { width: 64, height: 48, bits: 10, matrix: 'bt709', range: 'limited' } as const;
    const small = await rawPicture('mandelbrot=s=320x180,crop=64:48:150:80', 'yuv420p10le');
    const [made, wanted] = await Promise.all(
      [await loadModel(name, 2), await publishedModel(name, 2)].map(async (model) => {
        await using upscaler = await openCpuUpscaler({ model, format, threads: 1 });
        return new Uint16Array((await upscaler.upscale(small)).buffer);
      }),
    );
    if (!made || !wanted) throw new Error('There are no pictures');
    expect(psnr(made, wanted, 1023)).toBeGreaterThan(70);
    expect(farthest(made, wanted)).toBeLessThanOrEqual(2);
  });
});
