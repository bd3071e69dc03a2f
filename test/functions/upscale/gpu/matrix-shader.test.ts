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
      for (const { columns, rows, strips, blocks } of blockings)
        expect([columns % 16, rows % strips, Math.ceil(each.outputs / 4) % blocks]).toEqual([0, 0, 0]);
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

/** What SwiftShader gives a workgroup. */
const SOFTWARE_BYTES = 32_768;
const plain = { relu: false, plus: 0 } as const;
const SHAPES: readonly ConvolutionShape[] = [
  { reads: [{ quads: 16, kernel: 3 }], outputs: 16, ...plain },
  { reads: [{ quads: 1, kernel: 3 }], outputs: 8, ...plain },
  { reads: [{ quads: 16, kernel: 3 }], outputs: 1, relu: true, plus: 0 },
  { reads: [{ quads: 8, kernel: 3 }], outputs: 3, ...plain },
  { reads: [{ quads: 2, kernel: 5 }], outputs: 8, relu: true, plus: 0 },
  { reads: [1, 3].map((quads) => ({ quads, kernel: 7 })), outputs: 4, ...plain },
  { reads: [16, 1].map((quads) => ({ quads, kernel: 1 })), outputs: 8, relu: false, plus: 1 },
  { reads: [8, 8, 8].map((quads) => ({ quads, kernel: 1 })), outputs: 8, relu: true, plus: 2 },
  // Of the published networks, folded; of fewer channels, since SwiftShader takes its time.
  {
    reads: [
      { quads: 1, kernel: 11 },
      { quads: 1, kernel: 7 },
      { quads: 1, kernel: 7 },
    ],
    ...{ outputs: 4, relu: true, plus: 0 },
  },
  {
    reads: [
      { quads: 16, kernel: 1 },
      { quads: 1, kernel: 5 },
    ],
    ...{ outputs: 8, relu: false, plus: 1 },
  },
];
const BLOCKINGS: readonly Omit<MatrixBlocking, 'blocks'>[] = [
  ...[
    { columns: 16, rows: 2, strips: 2, depth: 1, weightsNear: false, pixelsNear: true },
    { columns: 16, rows: 4, strips: 4, depth: 2, weightsNear: false, pixelsNear: false },
    { columns: 32, rows: 2, strips: 1, depth: 1, weightsNear: true, pixelsNear: true },
    { columns: 16, rows: 2, strips: 1, depth: 3, weightsNear: true, pixelsNear: false },
    { columns: 16, rows: 8, strips: 8, depth: 1, weightsNear: false, pixelsNear: true },
  ].map((each) => ({ by: 'matrices' as const, subgroup: 1, ...each })),
];

describe.skipIf(gpuMissing)(`convolutions by matrix units${nothingRun}`, () => {
  const cases = SHAPES.flatMap((shape) => {
    const some = BLOCKINGS.map((blocking) => {
      const all = Math.ceil(shape.outputs / 4);
      const blocks = blocking.strips > 1 ? all : Math.ceil(all / 2);
      const way = `${blocking.columns} × ${blocking.rows}, weights ${blocking.weightsNear ? 'near' : 'afar'}`;
      return { name: shapeName(shape), way, shape, blocking: { ...blocking, blocks } };
    });
    // In 32-bit numbers it takes twice as much.
    return some.filter(({ blocking }) => 2 * matrixBytes(shape, blocking) <= SOFTWARE_BYTES);
  });
  it('are tried for each shape', () => {
    for (const shape of SHAPES) expect(cases.filter((each) => each.shape === shape).length).toBeGreaterThan(0);
  });
  it.each(cases)('add up what threads do: $name, $way', async ({ shape, blocking }) => {
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
