import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findGpus, type Gpu } from '../../../../functions/upscale/gpu/dawn.ts';
import { upscalePackagesMissing } from '../packages.ts';

/** SwiftShader, which Debian's Chromium brings: Vulkan on the CPU, slow and exact. */
export const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** What a process asks for a Vulkan driver; Chromium doesn't bring it along. */
const LOADER = 'libvulkan.so.1';

/** Why shaders can't be run here; false where they can. */
export const gpuMissing =
  upscalePackagesMissing ||
  (!existsSync(SWIFTSHADER) && `there is no ${SWIFTSHADER}`) ||
  (!hasLoader() && `there is no ${LOADER} (apt-get install libvulkan1)`);

function hasLoader(): boolean {
  const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  return stdout?.includes(LOADER) ?? false;
}

/** A GPU that every machine has which has Debian's Chromium. */
export async function softwareGpu(): Promise<Gpu> {
  process.env.VK_ICD_FILENAMES = SWIFTSHADER;
  const gpu = (await findGpus()).find(({ kind }) => kind === 'CPU as a GPU');
  if (!gpu) throw new Error('Vulkan does not find SwiftShader');
  return gpu;
}
