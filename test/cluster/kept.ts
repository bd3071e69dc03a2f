import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const stamp = (folder: string) => join(folder, '.made-by');
const recipeOf = (files: readonly string[]) =>
  files.reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256')).digest('hex');

/** Whether the folder is there as these files make it. */
export function isKept(folder: string, madeBy: readonly string[]): boolean {
  try {
    return readFileSync(stamp(folder), 'utf8') === recipeOf(madeBy);
  } catch {
    return false;
  }
}

/** Fills a folder, once for as long as the files that say how stay the same. */
export async function keep(
  folder: string,
  madeBy: readonly string[],
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  if (isKept(folder, madeBy)) return;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await fill(unfinished);
  await writeFile(stamp(unfinished), recipeOf(madeBy));
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
}
