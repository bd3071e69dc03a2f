import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tunings } from './tune.ts';

/** What was measured is kept for half a year after it was asked for last: nobody asks again for that of an older driver. */
const KEPT_MS = 182 * 24 * 3600 * 1000;

/** What was measured, in a folder of a computer's own, a file for each key; one that can't be read is written anew. */
export const tuningsFolder = (folder: string): Tunings => ({
  async get(key) {
    try {
      const path = join(folder, `${key}.json`);
      const kept: unknown = JSON.parse(await readFile(path, 'utf8'));
      await utimes(path, new Date(), new Date()).catch(() => {});
      return kept;
    } catch {
      return null;
    }
  },
  async put(key, blocking) {
    const unfinished = join(folder, `${randomUUID()}.unfinished`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(unfinished, JSON.stringify(blocking));
      await rename(unfinished, join(folder, `${key}.json`));
      await removeOld(folder);
    } catch {
      await rm(unfinished, { force: true }).catch(() => {});
    }
  },
});

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (mtimeMs < Date.now() - KEPT_MS) await rm(path, { force: true });
  }
}
