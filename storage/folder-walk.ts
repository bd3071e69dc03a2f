import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './folder-errors.ts';
import { compareKeys, isHiddenPart } from './object-key.ts';

/**
 * Keys of all files and links below the folder `root` that start with `prefix`, in order of their UTF-8 bytes.
 * Walks only the folders that such keys can lie in. Links to folders aren't followed: what lies behind one isn't ours to delete.
 */
export async function* walk(root: string, prefix: string): AsyncGenerator<string> {
  const slash = prefix.lastIndexOf('/') + 1;
  yield* walkFolder(root, prefix.slice(0, slash), prefix.slice(slash));
}

async function* walkFolder(root: string, folder: string, start: string): AsyncGenerator<string> {
  // A folder sorts as its keys do, with the slash.
  const names = (await entries(join(root, folder)))
    .filter((entry) => entry.name.startsWith(start) && !isHiddenPart(entry.name))
    .filter((entry) => entry.isDirectory() || entry.isFile() || entry.isSymbolicLink())
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort(compareKeys);
  for (const name of names) {
    if (name.endsWith('/')) yield* walkFolder(root, folder + name, '');
    else yield folder + name;
  }
}

async function entries(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
