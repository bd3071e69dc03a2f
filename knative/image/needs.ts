import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Refusal } from '../../shared/refusal.ts';
import type { Architecture } from './base.ts';
import { emulate } from './emulation.ts';

const NODE_NAMES: Record<string, Architecture> = { x64: 'amd64', arm64: 'arm64' };

/** The architecture of this machine. */
export function ownArchitecture(): Architecture {
  const own = NODE_NAMES[process.arch];
  if (!own) throw new Refusal(`Images are built on amd64 and arm64 only, and this machine is ${process.arch}`);
  return own;
}

/** The Debian packages that this machine lacks for building images, for another architecture than its own too. */
export function missingPackages(architecture: Architecture): string[] {
  const needed = { buildah: 'buildah', mmdebstrap: 'mmdebstrap' };
  const foreign = {
    'arch-test': 'arch-test',
    'update-binfmts': 'binfmt-support',
    'qemu-aarch64-static': 'qemu-user-static',
  };
  const programs = { ...needed, ...(architecture === ownArchitecture() ? {} : foreign) };
  return Object.entries(programs).flatMap(([program, name]) => (isInstalled(program) ? [] : [name]));
}

/**
 * Sees to it that images for that architecture can be built here.
 *
 * @throws {Refusal} saying what is missing and how to get it.
 */
export async function checkNeeds(architecture: Architecture): Promise<void> {
  if (process.getuid?.() !== 0) throw new Refusal('Images are built as root without Docker: run it with sudo');
  const missing = missingPackages(architecture);
  if (missing.length > 0) throw new Refusal(`Building images needs more: apt-get install ${missing.join(' ')}`);
  if (architecture !== ownArchitecture()) await emulate(architecture);
}

/** Whether a program is on the PATH, or at that path. */
export function isInstalled(program: string): boolean {
  const folders = program.startsWith('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
