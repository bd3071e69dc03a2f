import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Refusal } from '../shared/refusal.ts';
import { codeOf, isMissing, writing } from './folder-errors.ts';

const TRIES = 5;

/** Gives `work` the path of a file that is not there yet, on the same file system as `root`, and removes what it leaves there. */
export async function withScratch<T>(root: string, work: (scratch: string) => Promise<T>): Promise<T> {
  const folder = join(root, '.scratch');
  const scratch = join(folder, crypto.randomUUID());
  return writing(root, async () => {
    await mkdir(folder, { recursive: true });
    try {
      return await work(scratch);
    } finally {
      await rm(scratch, { force: true });
    }
  });
}

/**
 * Makes the folder of `path` and then `path` itself by `make`, which must fail with EEXIST when it is taken.
 *
 * @returns false when it was taken already.
 * @throws {Refusal} when a folder has that name, or a file the name of a folder on the way.
 */
export async function place(root: string, path: string, make: (path: string) => Promise<void>): Promise<boolean> {
  return writing(root, async () => {
    for (let tries = 1; ; tries += 1) {
      try {
        await makeFolder(dirname(path));
        await make(path);
        return true;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') {
          if ((await stat(path).catch(() => null))?.isDirectory())
            throw new Refusal(`There is a folder of the name ${path}: choose another name`);
          return false;
        }
        // Whoever deleted the last object beside it removed the folder just now.
        if (codeOf(error) !== 'ENOENT' || tries === TRIES) throw error;
      }
    }
  });
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new Refusal(`There is a file of the name ${folder}, so nothing can be put below it: choose another name`);
  }
}

/** Removes `folder` and those above it, up to but not including `top`, as long as they are empty. */
export async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  for (let current = folder; current.startsWith(`${top}/`); current = dirname(current)) {
    try {
      await rmdir(current);
    } catch (error) {
      if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return;
      if (!isMissing(error)) throw error;
    }
  }
}
