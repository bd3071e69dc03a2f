import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { gpuMissing, SWIFTSHADER } from './gpu/software-gpu.ts';
import { upscalePackagesMissing } from './packages.ts';

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';
const cli = resolve(import.meta.dirname, '../../../functions/cli/index.ts');
const devices = (environment: Record<string, string>) =>
  promisify(execFile)(process.execPath, [cli, 'devices', '--json'], { env: { ...process.env, ...environment } });
const listed = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe.skipIf(upscalePackagesMissing)(`montage devices${skipped}`, () => {
  it('names the CPU where there is no GPU, says how fast it is, and nothing of drivers', async () => {
    const { stdout, stderr } = await devices({ VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' });
    expect(listed(stdout)).toMatchObject([{ kind: 'CPU', precision: 'f32', framesPerSecond: expect.any(Number) }]);
    expect(listed(stdout)[0].framesPerSecond).toBeGreaterThan(0);
    expect(stderr).toBe('');
  });

  it.skipIf(gpuMissing)(
    `puts a GPU that is none after the CPU${gpuMissing ? ` (skipped: ${gpuMissing})` : ''}`,
    async () => {
      const { stdout } = await devices({ VK_ICD_FILENAMES: SWIFTSHADER });
      expect(listed(stdout)).toMatchObject([
        { kind: 'CPU' },
        { kind: 'CPU as a GPU', name: 'swiftshader device subzero' },
      ]);
    },
  );
});
