import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Network, NetworkSchema } from '../../../../functions/upscale/network/network.ts';
import { SCALES } from '../../../../shared/super-resolution.ts';
import { byChance, chanceOf, enlargedByDefinition, mapOf } from '../network/by-definition.ts';
import { upscalePackagesMissing } from '../packages.ts';
import { farthest } from '../raw-picture.ts';
import { runGraph } from './run-graph.ts';

const networks = fc
  .record({
    scale: fc.constantFrom(...SCALES),
    enlargement: fc.constantFrom('nearest', 'pixel shuffle'),
    kernels: fc.array(fc.constantFrom(1, 3, 5, 7), { minLength: 5, maxLength: 5 }),
    relus: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    channels: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 1, max: 6 }),
    height: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(),
  })
  .map(({ scale, enlargement, kernels, relus, channels, ...rest }) => {
    const outputs = enlargement === 'nearest' ? 5 : 3 * scale ** 2;
    const network: Network = NetworkSchema.parse({
      scale,
      range: 1,
      convolutions: [
        { name: 'a', from: [{ map: 'picture', kernel: kernels[0] }], outputs: channels, relu: relus[0], plus: [] },
        {
          name: 'b',
          from: ['picture', 'a', 'picture'].map((map, i) => ({ map, kernel: kernels[1 + i] })),
          outputs: channels,
          relu: relus[1],
          plus: [
            { times: 0.2, map: 'a' },
            { times: 1, map: 'a' },
            { times: -1.5, map: 'a' },
          ],
        },
        { name: 'c', from: [{ map: 'b', kernel: kernels[4] }], outputs, relu: relus[2], plus: [] },
      ],
      last: { name: 'end', from: 'c', enlargement, kernel: 3, inputs: enlargement === 'nearest' ? outputs : 3 },
    });
    return { network, ...rest };
  });

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';

describe.skipIf(upscalePackagesMissing)(`a graph${skipped}`, () => {
  it('makes what its network says, for any network', async () => {
    await fc.assert(
      fc.asyncProperty(networks, async ({ network, width, height, seed }) => {
        const chance = chanceOf(seed);
        const model = byChance(network, chance);
        const rgb = new Float32Array(3 * width * height).map(chance);
        const plane = width * height;
        const picture = mapOf(width, height, 3, (at) => rgb[(at % 3) * plane + Math.floor(at / 3)] as number);
        const { values } = enlargedByDefinition(model, picture);
        const largePlane = values.length / 3;
        const wanted = values.map((_, at) => values[(at % largePlane) * 3 + Math.floor(at / largePlane)] as number);
        const made = await runGraph(model, rgb, { width, height });
        const most = Math.max(1, ...wanted.map(Math.abs));
        expect(farthest(made, wanted) / most).toBeLessThan(1e-5);
      }),
      { numRuns: 60 },
    );
  });
});
