import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { progressLine } from '../../../functions/cli/upscale.ts';
import { chosen } from '../../../functions/cli/upscaling.ts';
import type { Device } from '../../../functions/upscale/devices.ts';
import { makeClip } from '../../media/clip.ts';
import { upscalePackagesMissing } from '../upscale/packages.ts';

const device = (kind: Device['kind'], name: string): Device => ({
  ...{ kind, name, precision: 'f32', abilities: [] },
  open: () => Promise.reject(new Error('It is only a name')),
});
const gpu = device('discrete GPU', 'nvidia h100 80gb hbm3');
const cpu = device('CPU', 'CPU, 8 threads');
const software = device('CPU as a GPU', 'SwiftShader Device (LLVM)');

describe('the device that is named', () => {
  it('is the best where none is, else of that kind or name', () => {
    expect(chosen([gpu, cpu], undefined)).toBe(gpu);
    expect(chosen([gpu, cpu], 'CPU')).toBe(cpu);
    expect(chosen([gpu, cpu], 'gpu')).toBe(gpu);
    expect(chosen([gpu, cpu], 'H100')).toBe(gpu);
  });

  it('is a GPU only where it is one in truth: a driver that computes on the CPU must be named', () => {
    expect(chosen([software, gpu, cpu], 'gpu')).toBe(gpu);
    expect(() => chosen([cpu, software], 'gpu')).toThrow('There is no device gpu here');
    expect(chosen([cpu, software], 'swiftshader')).toBe(software);
  });

  it('must be there', () => {
    expect(() => chosen([cpu], 'gpu')).toThrow(
      'There is no device gpu here that Vulkan, Metal or Direct3D knows; there is: CPU, 8 threads',
    );
  });
});

describe('how far a video is', () => {
  it('is told in time left once that can be known', () => {
    const progress = { repeated: 0, durationSeconds: 40 };
    expect(progressLine({ ...progress, frames: 1, seconds: 0 }, 5)).toBe('1 frame');
    expect(progressLine({ ...progress, frames: 3, seconds: 0.1 }, 2)).toBe('3 frames');
    expect(progressLine({ ...progress, frames: 3, seconds: 0.1 }, 24)).toBe(
      '0 %, about 2 h 40 min left at 8.0 s a frame',
    );
    expect(progressLine({ ...progress, frames: 100, seconds: 4 }, 10)).toBe(
      '10 %, about 2 min left at 10.0 frames a second',
    );
    expect(progressLine({ ...progress, frames: 500, seconds: 20 }, 1000)).toBe(
      '50 %, about 17 min left at 2.0 s a frame',
    );
    expect(progressLine({ ...progress, frames: 9, seconds: 9, durationSeconds: 0 }, 5)).toBe('9 frames');
  });
});

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';
describe.skipIf(upscalePackagesMissing)(`a montage that is to be upscaled${skipped}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-no-gpu-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is refused before anything is done where there is no GPU and the CPU isn’t allowed', async () => {
    const { path } = await makeClip(folder, { name: 'clip.mp4', width: 64, height: 36, seconds: 1 });
    const song = join(folder, 'song.wav');
    await writeFile(song, 'RIFF');
    const cli = resolve(import.meta.dirname, '../../../functions/cli/index.ts');
    const data = join(folder, 'data');
    const named = ['run', 'dynamic', '--footage', path, '--music', song, '--data', data, '--upscale'];
    const env = { ...process.env, VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' };
    const failed = await promisify(execFile)(process.execPath, [cli, ...named], { env }).catch((error) => error);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^This computer has no GPU .*add --upscale-on-cpu/m);
    expect(await readdir(folder)).not.toContain('data');
  });
});
