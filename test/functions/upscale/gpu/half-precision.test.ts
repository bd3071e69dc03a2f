import { describe, expect, it } from 'vitest';
import { brought } from '../../../../functions/upscale/brought.ts';
import { rgbOf } from '../../../../functions/upscale/colour.ts';
import { shapesOf } from '../../../../functions/upscale/gpu/convolution-shape.ts';
import { kernelShader } from '../../../../functions/upscale/gpu/kernel.ts';
import { pictureInShader } from '../../../../functions/upscale/gpu/picture-in-shader.ts';
import { pictureOutShader } from '../../../../functions/upscale/gpu/picture-out-shader.ts';
import { limitsOf, threadBlockingsOf } from '../../../../functions/upscale/gpu/plan.ts';
import type { Model } from '../../../../functions/upscale/network/model.ts';
import { loadModel } from '../../../../functions/upscale/network/models.ts';
import { MODEL_NAMES } from '../../../../shared/super-resolution.ts';
import { enlargedByDefinition, mapOf } from '../network/by-definition.ts';
import { upscalePackagesMissing } from '../packages.ts';
import { psnr, rawPicture, ssim } from '../raw-picture.ts';

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';
const FORMAT = { width: 32, height: 20, bits: 8, matrix: 'bt709', range: 'limited' } as const;

describe.skipIf(upscalePackagesMissing)(`16-bit numbers${skipped}`, () => {
  // No GPU of a test machine computes with them; Dawn's backend that computes nothing checks shaders all the same.
  it.each(MODEL_NAMES)('are what the shaders of %s can be written in', async (name) => {
    const { create, globals } = await brought<{ create(options: string[]): GPU; globals: object }>('webgpu');
    Object.assign(globalThis, globals);
    const nothing = create(['backend=null']);
    const adapter = await nothing.requestAdapter();
    if (!adapter) throw new Error('Dawn has no Null backend');
    const device = await adapter.requestDevice({ requiredFeatures: ['shader-f16'] });
    const { network } = await loadModel(name, 2);
    const limits = limitsOf({ limits: device.limits, subgroup: null });
    const shaders = [
      pictureInShader(FORMAT, network.range, 'f16'),
      pictureOutShader(network, FORMAT, 'f16'),
      ...[...shapesOf(network).values()].flatMap((shape) =>
        threadBlockingsOf(shape, limits, 'f16').map((blocking) => kernelShader(shape, blocking, 'f16')),
      ),
    ];
    device.pushErrorScope('validation');
    for (const code of shaders)
      await device.createComputePipelineAsync({
        layout: 'auto',
        compute: { module: device.createShaderModule({ code }) },
      });
    expect((await device.popErrorScope())?.message).toBeUndefined();
    device.destroy();
    expect(nothing).toBeDefined();
  });

  it.each(MODEL_NAMES)('between layers change the picture that %s makes by less than is seen', async (name) => {
    const model = await loadModel(name, 2);
    const { width, height } = name === 'thick' ? { width: 14, height: 10 } : FORMAT;
    const format = { ...FORMAT, width, height };
    const small = await rawPicture(`testsrc2=s=64x48,scale=${width}:${height}`, 'yuv420p');
    const rgb = rgbOf(small, format, { x: 0, y: 0, width, height }, model.network.range);
    const exact = largePicture(model, rgb, format, (numbers) => numbers);
    const rounded = largePicture(model, rgb, format, (numbers) => new Float32Array(new Float16Array(numbers)));
    const { range: peak } = model.network;
    expect(psnr(rounded, exact, peak)).toBeGreaterThan(75);
    expect(ssim(rounded, exact, { width: 3 * 2 * width, height: 2 * height, peak })).toBeGreaterThan(0.9999);
  });
});

interface Size {
  width: number;
  height: number;
}

/** The large picture by row, column and colour, where maps, weights and what is added are kept as `kept` makes them. */
function largePicture(model: Model, picture: Float32Array, size: Size, kept: (numbers: Float32Array) => Float32Array) {
  const { network, weights } = model;
  const { last } = network;
  const map = lastMap(model, picture, size, kept);
  const own = weights.get(last.name);
  if (!own) throw new Error(`There are no weights of ${last.name}`);
  const plane = size.width * size.height;
  const channels = map.length / plane;
  const end = {
    network: { ...network, convolutions: [], last: { ...last, from: 'picture' } },
    weights: new Map([[last.name, { kernels: own.kernels.map(kept), bias: kept(own.bias) }]]),
  };
  const before = mapOf(size.width, size.height, channels, (at) => {
    return map[(at % channels) * plane + Math.floor(at / channels)] as number;
  });
  return enlargedByDefinition(end, before).values;
}

/** The map that the large picture is made of, computed one convolution after the other, where maps and weights are kept as `kept` makes them. */
function lastMap(
  { network, weights }: Model,
  picture: Float32Array,
  { width, height }: Size,
  kept: (numbers: Float32Array) => Float32Array,
) {
  const plane = width * height;
  const maps = new Map([['picture', kept(picture)]]);
  const valuesOf = (name: string) => maps.get(name) as Float32Array;
  for (const { name, from, outputs, relu, plus } of network.convolutions) {
    const own = weights.get(name);
    if (!own) throw new Error(`There are no weights of ${name}`);
    const reads = from.map(({ map, kernel }, i) => {
      const read = valuesOf(map);
      return { read, kernel, inputs: read.length / plane, numbers: kept(own.kernels[i] as Float32Array) };
    });
    const made = new Float32Array(outputs * plane);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const sums = new Float64Array(kept(own.bias));
        for (const { read, kernel, inputs, numbers } of reads)
          for (let place = 0; place < kernel ** 2; place++) {
            const row = y + Math.floor(place / kernel) - (kernel - 1) / 2;
            const column = x + (place % kernel) - (kernel - 1) / 2;
            if (row < 0 || column < 0 || row >= height || column >= width) continue;
            for (let input = 0; input < inputs; input++) {
              const value = read[input * plane + row * width + column] as number;
              const first = (place * inputs + input) * outputs;
              for (let output = 0; output < outputs; output++)
                sums[output] = (sums[output] as number) + value * (numbers[first + output] as number);
            }
          }
        for (let output = 0; output < outputs; output++) {
          const pixel = output * plane + y * width + x;
          const sum = sums[output] as number;
          made[pixel] = plus.reduce(
            (all, each) => all * each.times + (valuesOf(each.map)[pixel] as number),
            relu ? Math.max(0, sum) : sum,
          );
        }
      }
    maps.set(name, kept(made));
  }
  return valuesOf(network.last.from);
}
