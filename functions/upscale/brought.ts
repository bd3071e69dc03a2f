import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Refusal } from '../../shared/refusal.ts';

const require = createRequire(import.meta.url);

/**
 * A package of this folder's own package.json: those aren't there before somebody upscales.
 *
 * @throws {Refusal} when they aren't.
 */
export async function brought<T>(name: string): Promise<T> {
  let path: string;
  try {
    path = require.resolve(name);
  } catch {
    throw missing();
  }
  return (await import(pathToFileURL(path).href)) as T;
}

/** Where a file of such a package is. */
export function fileOf(name: string, path: string): string {
  const file = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', name, path);
  if (existsSync(file)) return file;
  throw missing();
}

const missing = () => new Refusal('What upscaling needs is not installed; `npm run montage -- devices` installs it');
