import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileOf } from '../../../../functions/upscale/brought.ts';
import { CHECKSUMS } from '../../../../functions/upscale/network/checksums.ts';
import { LayersModelSchema, networkOf } from '../../../../functions/upscale/network/keras-layers.ts';
import { readKerasModel } from '../../../../functions/upscale/network/keras-model.ts';
import { weightSizes } from '../../../../functions/upscale/network/model.ts';
import { checksumOf, packModel, unpackModel } from '../../../../functions/upscale/network/model-file.ts';
import { publishedModel } from '../../../../functions/upscale/network/models.ts';
import { channelsOf, multiplyAdds, reach } from '../../../../functions/upscale/network/network.ts';
import { loadPasses } from '../../../../functions/upscale/passes.ts';
import {
  MODEL_NAMES,
  MONTAGE_SCALES,
  type ModelName,
  SCALES,
  type Scale,
  THOUSAND_MULTIPLY_ADDS,
} from '../../../../shared/super-resolution.ts';
import { upscalePackagesMissing } from '../packages.ts';

const read = (name: ModelName, scale: Scale) =>
  readKerasModel(fileOf(`@upscalerjs/esrgan-${name}`, `models/x${scale}/model.json`));

const MODELS = MODEL_NAMES.flatMap((name) => SCALES.map((scale) => [name, scale] as const));

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';

describe.skipIf(upscalePackagesMissing)(`the networks${skipped}`, () => {
  it.each(MODELS)('are read from their layers: %s ×%d', async (name, scale) => {
    const model = await read(name, scale);
    expect(checksumOf(packModel(model))).toBe(CHECKSUMS[name][scale]);
    const { network, weights } = model;
    expect(network.scale).toBe(scale);
    expect(network.range).toBe(name === 'thick' ? 1 : 255);
    expect(network.last.enlargement).toBe(name === 'thick' ? 'pixel shuffle' : 'nearest');
    // Each convolution reads what is there, as many channels as it has numbers for.
    const channels = channelsOf(network);
    const there = new Set(['picture']);
    for (const { name: convolution, from, outputs, plus } of network.convolutions) {
      expect([...from, ...plus].filter(({ map }) => !there.has(map))).toEqual([]);
      expect(plus.map(({ map }) => channels.get(map))).toEqual(plus.map(() => outputs));
      there.add(convolution);
    }
    expect(there).toContain(network.last.from);
    const sizes = weightSizes(network);
    expect(sizes).toHaveLength(weights.size);
    for (const { name: convolution, kernels, bias } of sizes) {
      const numbers = weights.get(convolution);
      expect(numbers?.kernels.map(({ length }) => length)).toEqual(kernels);
      expect(numbers?.bias.length).toBe(bias);
      expect(numbers?.kernels.every((kernel) => kernel.every(Number.isFinite))).toBe(true);
    }
  });

  it.each([
    ['slim', 222_544, 10],
    ['medium', 692_560, 18],
    ['thick', 7_234_308, 154],
  ] as const)('cost what they cost: %s ×2', async (name, cost, far) => {
    const { network } = await read(name, 2);
    expect(multiplyAdds(network)).toBe(cost);
    expect(reach(network)).toBe(far);
  });

  it('cost what chunks are measured by', async () => {
    for (const name of MODEL_NAMES)
      for (const scale of MONTAGE_SCALES) {
        let [cost, pixels] = [0, 1];
        for (const { network } of await loadPasses(name, scale)) {
          cost += multiplyAdds(network) * pixels;
          pixels *= network.scale ** 2;
        }
        expect(THOUSAND_MULTIPLY_ADDS[name][scale], `${name} ×${scale}`).toBe(Math.round(cost / 1000));
      }
  });

  it.each(['slim', 'thick'] as const)('come back from one file as they were: %s', async (name) => {
    const model = await read(name, 2);
    const file = packModel(model);
    // Read to where no number could lie.
    const shifted = new Uint8Array(file.length + 1).subarray(1);
    shifted.set(file);
    const { network, weights } = unpackModel(shifted, checksumOf(file));
    expect(network).toEqual(model.network);
    for (const { name: convolution } of weightSizes(network)) {
      const [there, was] = [weights.get(convolution), model.weights.get(convolution)];
      expect(there?.kernels.length).toBe(was?.kernels.length);
      for (const [i, kernel] of was?.kernels.entries() ?? [])
        expect(Buffer.compare(bytesOf(there?.kernels[i]), bytesOf(kernel))).toBe(0);
      expect(Buffer.compare(bytesOf(there?.bias), bytesOf(was?.bias))).toBe(0);
    }
  });

  it('are not guessed at where their layers are others', async () => {
    const file = fileOf('@upscalerjs/esrgan-slim', 'models/x2/model.json');
    const text = await readFile(file, 'utf8');
    const networkIn = (json: string) => networkOf(LayersModelSchema.parse(JSON.parse(json)));
    expect(networkIn(text).scale).toBe(2);
    expect(() => networkIn(text.replace('"UpSampling2D"', '"UpSampling3D"'))).toThrow(/no layer UpSampling3D/);
    expect(() => networkIn(text.replace('"padding": "same"', '"padding": "valid"'))).toThrow(/no plain convolution/);
    expect(() => networkIn(text.replace('"activation": "linear"', '"activation": "relu"'))).toThrow(/no plain/);
    expect(() => networkIn(text.replace('"interpolation": "nearest"', '"interpolation": "bilinear"'))).toThrow();
  });

  it('are made anew when their file is damaged, also by several at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'montage-models-'));
    const path = join(folder, 'models', 'slim-x2.model');
    const loads = await Promise.all([1, 2, 3].map(() => publishedModel('slim', 2, path)));
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, 5000));
    const again = await publishedModel('slim', 2, path);
    for (const { network } of [...loads, again]) expect(network).toEqual((await read('slim', 2)).network);
    expect(Buffer.compare(await readFile(path), whole)).toBe(0);
    expect(await readdir(join(folder, 'models'))).toEqual(['slim-x2.model']);
    await rm(folder, { recursive: true });
  });

  it('are refused when one bit of the layers is not what was published', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'montage-layers-'));
    const layers = fileOf('@upscalerjs/esrgan-slim', 'models/x2/model.json');
    await cp(dirname(layers), folder, { recursive: true });
    const shard = join(folder, (await readdir(folder)).find((each) => each.endsWith('.bin')) ?? '');
    const numbers = await readFile(shard);
    numbers[1001] = (numbers[1001] as number) ^ 64;
    await writeFile(shard, numbers);
    const read = publishedModel('slim', 2, join(folder, 'made.model'), () => join(folder, 'model.json'));
    await expect(read).rejects.toThrow(/slim ×2 are not those that were published/);
    await writeFile(shard, numbers.subarray(0, 1001));
    const short = publishedModel('slim', 2, join(folder, 'made.model'), () => join(folder, 'model.json'));
    await expect(short).rejects.toThrow(/slim ×2 are not those that were published/);
    expect(await readdir(folder)).not.toContain('made.model');
    await rm(folder, { recursive: true });
  });

  it('are refused when one bit of their file is wrong, or it is cut off', async () => {
    const file = packModel(await read('slim', 2));
    const checksum = CHECKSUMS.slim[2];
    expect(unpackModel(file, checksum).network.scale).toBe(2);
    const broken = fc.record({ at: fc.nat(file.length - 1), bit: fc.nat(7), length: fc.nat(file.length - 1) });
    fc.assert(
      fc.property(broken, ({ at, bit, length }) => {
        const flipped = file.slice();
        flipped[at] = (flipped[at] as number) ^ (1 << bit);
        expect(() => unpackModel(flipped, checksum)).toThrow(/checksum/);
        expect(() => unpackModel(file.slice(0, length), checksum)).toThrow(/checksum/);
      }),
      // The network itself is in the first few thousand of 400,000 bytes.
      { numRuns: 40, examples: [0, 31, 32, 35, 36, 700, 2000].map((at) => [{ at, bit: 0, length: at }]) },
    );
  });
});

function bytesOf(numbers: Float32Array | undefined): Buffer {
  if (!numbers) throw new Error('There are no such numbers');
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
