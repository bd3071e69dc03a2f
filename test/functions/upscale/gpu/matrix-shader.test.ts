import { describe, expect, it } from 'vitest';
import { brought } from '../../../../functions/upscale/brought.ts';
import { type ConvolutionShape, shapeName, shapesOf } from '../../../../functions/upscale/gpu/convolution-shape.ts';
import { kernelShader } from '../../../../functions/upscale/gpu/kernel.ts';
import { LoneConvolution } from '../../../../functions/upscale/gpu/lone-convolution.ts';
import { type MatrixBlocking, matrixBytes, matrixThreads } from '../../../../functions/upscale/gpu/matrix-shader.ts';
import { limitsOf, matrixBlockingsOf, threadBlockingsOf } from '../../../../functions/upscale/gpu/plan.ts';
import { difference } from '../../../../functions/upscale/gpu/tune.ts';
import { loadModel } from '../../../../functions/upscale/network/models.ts';
import { MODEL_NAMES } from '../../../../shared/super-resolution.ts';
import { upscalePackagesMissing } from '../packages.ts';
import { matricesByHand } from './matrices-by-hand.ts';
import { gpuMissing, softwareGpu } from './software-gpu.ts';

/** A large GPU of NVIDIA's. */
const LIMITS = { workgroupBytes: 49_152, threads: 1024, subgroup: 32 };
const nothingCompiled = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';
const nothingRun = gpuMissing ? ` (skipped: ${gpuMissing})` : '';

describe.skipIf(upscalePackagesMissing)(`matrix units${nothingCompiled}`, () => {
  it.each(MODEL_NAMES)('are asked for in a language that Dawn understands, for %s', async (name) => {
    const { create, globals } = await brought<{ create(options: string[]): GPU; globals: object }>('webgpu');
    Object.assign(globalThis, globals);
    const nothing = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
    const adapter = await nothing.requestAdapter();
    if (!adapter) throw new Error('Dawn has no Null backend');
    const features = ['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix'] as GPUFeatureName[];
    const device = await adapter.requestDevice({ requiredFeatures: features });
    const { network } = await loadModel(name, 2);
    for (const [shape, each] of shapesOf(network)) {
      const blockings = matrixBlockingsOf(each, LIMITS);
      expect(blockings.length, shape).toBeGreaterThan(10);
      for (const blocking of blockings.slice(0, 40)) {
        expect(matrixBytes(each, blocking)).toBeLessThanOrEqual(LIMITS.workgroupBytes);
        expect(matrixThreads(each, blocking) % LIMITS.subgroup).toBe(0);
        const module = device.createShaderModule({ code: kernelShader(each, blocking, 'f16') });
        const { messages } = await module.getCompilationInfo();
        expect(messages.map(({ message, lineNum }) => `${lineNum}: ${message}`)).toEqual([]);
      }
    }
    device.destroy();
    expect(nothing).toBeDefined();
  });
});

const plain = { relu: false, plus: 0 } as const;
const SHAPES: readonly ConvolutionShape[] = [
  { inputs: [16], kernel: 3, outputs: 16, ...plain },
  { inputs: [1], kernel: 3, outputs: 16, ...plain },
  { inputs: [16], kernel: 3, outputs: 1, relu: true, plus: 0 },
  { inputs: [8], kernel: 3, outputs: 3, ...plain },
  { inputs: [8], kernel: 5, outputs: 8, relu: true, plus: 0 },
  { inputs: [16, 1], kernel: 1, outputs: 16, relu: false, plus: 1 },
  { inputs: [8, 8, 8], kernel: 3, outputs: 8, relu: true, plus: 2 },
];
const BLOCKINGS: readonly Omit<MatrixBlocking, 'blocks' | 'places'>[] = [
  { by: 'matrices', columns: 16, rows: 4, strips: 2, depth: 1, subgroup: 1 },
  { by: 'matrices', columns: 32, rows: 2, strips: 4, depth: 2, subgroup: 1 },
];

describe.skipIf(gpuMissing)(`convolutions by matrix units${nothingRun}`, () => {
  // Each shape with another way to share it out: SwiftShader takes its time.
  const cases = SHAPES.map((shape, i) => {
    const blocking = BLOCKINGS[i % BLOCKINGS.length] as (typeof BLOCKINGS)[number];
    const all = Math.ceil(shape.outputs / 4);
    const places = [0, 1, shape.kernel][i % 3] as number;
    const blocks = blocking.depth > 1 ? all : Math.ceil(all / 2);
    const depth = Math.min(blocking.depth, Math.ceil(Math.max(...shape.inputs) / 4));
    return { name: shapeName(shape), shape, blocking: { ...blocking, depth, places, blocks } };
  });
  it.each(cases)('add up what threads do: $name', async ({ shape, blocking }) => {
    const gpu = await softwareGpu();
    const device = await gpu.open('f32');
    using lone = new LoneConvolution(device, shape, 'f32', { width: 37, height: 5 });
    const [threads] = threadBlockingsOf(shape, limitsOf(gpu), 'f32');
    const right = await lone.made(await lone.prepared(threads), 2 ** 20);
    const byHand = await lone.prepared(blocking, matricesByHand(kernelShader(shape, blocking, 'f16')));
    const made = await lone.made(byHand, 2 ** 20);
    expect(right.some((number) => Math.abs(number) > 0.1)).toBe(true);
    expect(difference(made, right)).toBeLessThan(1e-6);
    device.destroy();
  });
});
