import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../shared/refusal.ts';
import type { Architecture } from './base.ts';
import { run } from './run.ts';

const BINFMT = '/proc/sys/fs/binfmt_misc';
const EMULATORS: Record<Architecture, string> = { amd64: 'qemu-x86_64', arm64: 'qemu-aarch64' };

/**
 * Has the kernel run that architecture's programs through qemu, in containers too.
 *
 * @throws {Refusal} when it can't.
 */
export async function emulate(architecture: Architecture): Promise<void> {
  const emulator = EMULATORS[architecture];
  const enabled = () => readFile(join(BINFMT, emulator), 'utf8').catch(() => '');
  if ((await enabled()).startsWith('enabled')) return;
  await mkdir(BINFMT, { recursive: true }).catch(() => {});
  if (!(await readFile(join(BINFMT, 'status'), 'utf8').catch(() => '')))
    await run('mount', ['-t', 'binfmt_misc', 'binfmt_misc', BINFMT]);
  await run('update-binfmts', ['--enable', emulator]);
  if (!(await enabled()).startsWith('enabled'))
    throw new Refusal(
      `This kernel doesn't run programs for ${architecture} through qemu: build on a machine that is ${architecture}`,
    );
}
