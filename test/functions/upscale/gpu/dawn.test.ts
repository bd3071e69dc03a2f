import { describe, expect, it } from 'vitest';
import { nameOf } from '../../../../functions/upscale/gpu/dawn.ts';

const adapter = { vendor: '', architecture: '', device: '', description: '' };

describe('what a GPU is', () => {
  it.each([
    [
      { vendor: 'nvidia', device: 'nvidia-h100-80gb-hbm3', description: 'NVIDIA: 570.1' },
      'discrete GPU',
      'nvidia h100 80gb hbm3',
    ],
    [{ vendor: 'nvidia', device: 'nvidia-tegra-orin-(nvgpu)' }, 'integrated GPU', 'nvidia tegra orin (nvgpu)'],
    [{ vendor: 'intel', device: 'intel(r)-arc(tm)-a750-graphics' }, 'discrete GPU', 'intel(r) arc(tm) a750 graphics'],
    [{ vendor: 'intel', architecture: 'gen-12lp', device: '0x9a49' }, 'integrated GPU', 'intel gen-12lp'],
    [{ vendor: 'apple', architecture: 'common-3' }, 'integrated GPU', 'apple common-3'],
    [
      { vendor: 'google', architecture: 'swiftshader', device: 'swiftshader-device-subzero-' },
      'CPU as a GPU',
      'swiftshader device subzero',
    ],
    [{ vendor: 'amd', device: 'amd-radeon-pro-w7900' }, 'GPU', 'amd radeon pro w7900'],
    [{}, 'GPU', 'GPU'],
  ])('is told by its maker and name: %o', (info, kind, name) => {
    expect(nameOf({ ...adapter, ...info })).toMatchObject({ kind, name });
  });
});
