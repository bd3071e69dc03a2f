import type { Architecture } from '../../../knative/image/base.ts';
import { missingPackages } from '../../../knative/image/needs.ts';
import { run } from '../../../knative/image/run.ts';

/** Why images can't be built and run here, or null. */
export function imageSkipReason(): string | null {
  if (process.env.MONTAGE_TEST_IMAGES !== '1') return 'set MONTAGE_TEST_IMAGES=1 to build images, which takes minutes';
  if (process.platform !== 'linux') return 'images run on Linux only';
  return process.getuid?.() === 0 ? null : 'only root can build images without Docker';
}

/** Installs what building for that architecture, and running, need and this machine lacks. */
export async function installNeeds(arch: Architecture): Promise<void> {
  const runc = await run('runc', ['--version']).then(
    () => [],
    () => ['runc'],
  );
  const missing = [...missingPackages(arch), ...runc];
  if (missing.length === 0) return;
  await run('apt-get', ['update', '-qq']);
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing];
  await run('env', ['DEBIAN_FRONTEND=noninteractive', ...install]);
}
