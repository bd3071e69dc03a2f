import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../functions');

/** Folders that are functions: they have a shell, `index.ts`. The command line has one too. */
export const EVERY_FUNCTION = readdirSync(folder)
  .filter((name) => name !== 'cli' && existsSync(join(folder, name, 'index.ts')))
  .sort();
