import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapeName, shapeOf } from '../../../../functions/upscale/gpu/convolution-shape.ts';
import type { Gpu } from '../../../../functions/upscale/gpu/dawn.ts';
import { limitsOf, threadBlockingsOf } from '../../../../functions/upscale/gpu/plan.ts';
import { tuned } from '../../../../functions/upscale/gpu/tune.ts';
import { tuningsFolder } from '../../../../functions/upscale/gpu/tunings-folder.ts';
import { loadModel } from '../../../../functions/upscale/network/models.ts';
import { gpuMissing, softwareGpu } from './software-gpu.ts';

const skipped = gpuMissing ? ` (skipped: ${gpuMissing})` : '';

describe.skipIf(gpuMissing)(`how work is best shared out on a GPU${skipped}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-tune-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is measured once for each shape of convolution, and anew where what was kept is damaged or does not fit it', async () => {
    const { network: whole } = await loadModel('slim', 2);
    // One shape is enough: SwiftShader takes its time.
    const network = { ...whole, convolutions: whole.convolutions.slice(0, 1) };
    const real = await softwareGpu();
    let opened = 0;
    const gpu: Gpu = {
      ...real,
      open(precision) {
        opened++;
        return real.open(precision);
      },
    };
    const path = join(folder, 'below', 'tunings');
    const measure = () =>
      tuned(gpu, network, 'f32', tuningsFolder(path), { sizes: [{ width: 16, height: 8 }], candidates: 2 });
    const first = await measure();
    for (const convolution of network.convolutions) {
      const shape = shapeOf(convolution, network);
      const likely = threadBlockingsOf(shape, limitsOf(gpu), 'f32').slice(0, 2);
      expect(likely).toContainEqual(first.get(shapeName(shape)));
    }
    expect(await measure()).toEqual(first);
    expect(opened).toBe(1);
    const [name = ''] = await readdir(path);
    const kept = JSON.parse(await readFile(join(path, name), 'utf8'));
    // Not a number that there is, and one that does not divide the channels.
    for (const wrong of [{ columns: 'many' }, { ...kept, outputs: 3, outputsOfThread: 3 }]) {
      opened = 0;
      await writeFile(join(path, name), JSON.stringify(wrong));
      expect(await measure()).toEqual(first);
      expect(await measure()).toEqual(first);
      expect(opened).toBe(1);
    }
  });
});
