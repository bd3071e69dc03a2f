import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Model, type Weights, weightSizes } from '../../../../functions/upscale/network/model.ts';
import { type Network, NetworkSchema } from '../../../../functions/upscale/network/network.ts';
import { SCALES } from '../../../../shared/super-resolution.ts';
import { upscalePackagesMissing } from '../packages.ts';
import { farthest } from '../raw-picture.ts';
import { runGraph } from './run-graph.ts';

interface Map {
  width: number;
  height: number;
  channels: number;
  /** By row, column and channel. */
  values: Float64Array;
}

const mapOf = (width: number, height: number, channels: number, value: (at: number) => number): Map => ({
  width,
  height,
  channels,
  values: new Float64Array(width * height * channels).map((_, at) => value(at)),
});

const valueAt = ({ width, height, channels, values }: Map, x: number, y: number, channel: number) =>
  x < 0 || y < 0 || x >= width || y >= height ? 0 : (values[(y * width + x) * channels + channel] as number);

/** A convolution by its definition. */
function convolved(map: Map, { kernel, bias }: Weights, side: number): Map {
  const { width, height, channels: inputs } = map;
  const outputs = bias.length;
  const half = (side - 1) / 2;
  return mapOf(width, height, outputs, (at) => {
    const output = at % outputs;
    const [x, y] = [Math.floor(at / outputs) % width, Math.floor(at / outputs / width)];
    let sum = bias[output] as number;
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++)
        for (let input = 0; input < inputs; input++)
          sum +=
            valueAt(map, x + column - half, y + row - half, input) *
            (kernel[((row * side + column) * inputs + input) * outputs + output] as number);
    return sum;
  });
}

/** What a network makes of a picture, by the definition of its parts. */
function enlargedByDefinition({ network, weights }: Model, picture: Map): Map {
  const { convolutions, last, scale } = network;
  const { width, height } = picture;
  const maps: Record<string, Map> = { picture };
  const of = (name: string) => maps[name] as Map;
  for (const { name, from, kernel, inputs, relu, plus } of convolutions) {
    const parts = from.map(of);
    const all = mapOf(width, height, inputs, (at) => {
      const pixel = Math.floor(at / inputs);
      return parts.flatMap(({ channels, values }) => [...values.subarray(pixel * channels, (pixel + 1) * channels)])[
        at % inputs
      ] as number;
    });
    const made = convolved(all, weights.get(name) as Weights, kernel);
    const before = relu ? made.values.map((value) => Math.max(0, value)) : made.values;
    const added =
      ({ times, map }: { times: number; map: string }) =>
      (value: number, at: number) =>
        value * times + (of(map).values[at] as number);
    const values = plus.reduce((sum, each) => sum.map(added(each)), before);
    maps[name] = { ...made, values };
  }
  const small = of(last.from);
  const large = mapOf(width * scale, height * scale, last.inputs, (at) => {
    const channel = at % last.inputs;
    const [x, y] = [Math.floor(at / last.inputs) % (width * scale), Math.floor(at / last.inputs / width / scale)];
    // depth_to_space: https://www.tensorflow.org/api_docs/python/tf/nn/depth_to_space.
    const depth = ((y % scale) * scale + (x % scale)) * last.inputs + channel;
    return valueAt(
      small,
      Math.floor(x / scale),
      Math.floor(y / scale),
      last.enlargement === 'nearest' ? channel : depth,
    );
  });
  return convolved(large, weights.get(last.name) as Weights, 3);
}

const networks = fc
  .record({
    scale: fc.constantFrom(...SCALES),
    enlargement: fc.constantFrom('nearest', 'pixel shuffle'),
    kernels: fc.tuple(fc.constantFrom(1, 3, 5), fc.constantFrom(1, 3, 5), fc.constantFrom(1, 3, 5)),
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
        { name: 'a', from: ['picture'], kernel: kernels[0], inputs: 3, outputs: channels, relu: relus[0], plus: [] },
        {
          name: 'b',
          from: ['picture', 'a', 'picture'],
          kernel: kernels[1],
          inputs: channels + 6,
          outputs: channels,
          relu: relus[1],
          plus: [
            { times: 0.2, map: 'a' },
            { times: 1, map: 'a' },
            { times: -1.5, map: 'a' },
          ],
        },
        { name: 'c', from: ['b'], kernel: kernels[2], inputs: channels, outputs, relu: relus[2], plus: [] },
      ],
      last: { name: 'end', from: 'c', enlargement, kernel: 3, inputs: enlargement === 'nearest' ? outputs : 3 },
    });
    return { network, ...rest };
  });

/** Numbers from −1 to 1 that look like chance: https://en.wikipedia.org/wiki/Linear_congruential_generator. */
function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';

describe.skipIf(upscalePackagesMissing)(`a graph${skipped}`, () => {
  it('makes what its network says, for any network', async () => {
    await fc.assert(
      fc.asyncProperty(networks, async ({ network, width, height, seed }) => {
        const chance = chanceOf(seed);
        const numbers = (length: number) => new Float32Array(length).map(chance);
        const weights = new Map(
          weightSizes(network).map(({ name, kernel, bias }) => [
            name,
            { kernel: numbers(kernel), bias: numbers(bias) },
          ]),
        );
        const rgb = numbers(3 * width * height);
        const plane = width * height;
        const picture = mapOf(width, height, 3, (at) => rgb[(at % 3) * plane + Math.floor(at / 3)] as number);
        const { values } = enlargedByDefinition({ network, weights }, picture);
        const largePlane = values.length / 3;
        const wanted = values.map((_, at) => values[(at % largePlane) * 3 + Math.floor(at / largePlane)] as number);
        const made = await runGraph({ network, weights }, rgb, { width, height });
        const most = Math.max(1, ...wanted.map(Math.abs));
        expect(farthest(made, wanted) / most).toBeLessThan(1e-5);
      }),
      { numRuns: 60 },
    );
  });
});
