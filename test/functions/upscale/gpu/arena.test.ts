import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arenaOf, mapPixels, quads } from '../../../../functions/upscale/gpu/arena.ts';
import { quadBytes } from '../../../../functions/upscale/gpu/convolution-shape.ts';
import { arenaBytes, pixelsIn } from '../../../../functions/upscale/gpu/lanes.ts';
import { loadModel } from '../../../../functions/upscale/network/models.ts';
import { channelsOf } from '../../../../functions/upscale/network/network.ts';
import { MODEL_NAMES } from '../../../../shared/super-resolution.ts';
import { upscalePackagesMissing } from '../packages.ts';

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';

describe.skipIf(upscalePackagesMissing)(`the memory of feature maps${skipped}`, () => {
  it.each(MODEL_NAMES)('never holds two at one place while both are needed: %s', async (name) => {
    const { network } = await loadModel(name, 2);
    const { places, depth } = arenaOf(network);
    const channels = channelsOf(network);
    const rooms = network.convolutions.map(({ name: made }) => made);
    const order = ['picture', ...rooms];
    const lastUse = (map: string) =>
      map === network.last.from
        ? order.length
        : Math.max(
            ...network.convolutions.map(({ from, plus }, i) =>
              [...from, ...plus].some((each) => each.map === map) ? i + 1 : 0,
            ),
          );
    const room = (map: string) => {
      const from = places.get(map) ?? Number.NaN;
      return {
        from,
        to: from + quads(channels.get(map) ?? Number.NaN),
        made: order.indexOf(map),
        needed: lastUse(map),
      };
    };
    const all = order.map(room);
    for (const one of all) {
      expect(one.from).toBeGreaterThanOrEqual(0);
      expect(one.to).toBeLessThanOrEqual(depth);
      for (const other of all) {
        if (one === other) continue;
        // What is read is still there while what is made of it is written.
        const together = one.made <= other.needed && other.made <= one.needed;
        const apart = one.to <= other.from || other.to <= one.from;
        expect(together && !apart, JSON.stringify([one, other])).toBe(false);
      }
    }
  });

  it('has each map begin where matrices can be read, whatever the size of a tile', async () => {
    const { network } = await loadModel('medium', 2);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e7 }), fc.nat(200), (pixels, place) => {
        expect(mapPixels(pixels)).toBeGreaterThanOrEqual(pixels);
        expect((mapPixels(pixels) * place * quadBytes('f16')) % 16).toBe(0);
        const bytes = arenaBytes(pixels, network, 'f16');
        expect(pixelsIn(bytes, network, 'f16')).toBeGreaterThanOrEqual(pixels);
        expect(arenaBytes(pixelsIn(bytes, network, 'f16'), network, 'f16')).toBeLessThanOrEqual(bytes);
      }),
    );
  });

  it('takes a fraction of what all maps would take', async () => {
    const { network } = await loadModel('thick', 2);
    const all = [...channelsOf(network).values()].reduce((sum, channels) => sum + quads(channels), 0);
    expect(arenaOf(network).depth).toBeLessThan(all / 10);
  });
});
