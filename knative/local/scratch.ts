import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../../shared/config.ts';

/** Where functions and uploads keep what is unfinished. `own`: nobody but the runtime of this data folder uses it. */
interface Scratch {
  folder: string;
  own: boolean;
}

/** The folder that the settings name, else one beside the data: there is room for media there, and it is known whose it is. */
export function scratchOf(config: Pick<Config, 'MONTAGE_SCRATCH' | 'MONTAGE_STORE' | 'MONTAGE_DATA'>): Scratch {
  if (config.MONTAGE_SCRATCH) return { folder: resolve(config.MONTAGE_SCRATCH), own: false };
  if (config.MONTAGE_STORE) return { folder: tmpdir(), own: false };
  return { folder: join(resolve(config.MONTAGE_DATA), '.work'), own: true };
}

/** Makes the folder. For the holder of the data folder's lock, `clear` takes away what a runtime that was killed left in it. */
export async function prepareScratch({ folder, own }: Scratch, { clear }: { clear: boolean }): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (!own || !clear) return;
  const left = await readdir(folder);
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
