/**
 * The front door: `npx functions-framework --target=render` loads this and gets the function of that name, and no other.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../shared/refusal.ts';

const named = process.argv.findIndex((argument) => argument === '--target' || argument.startsWith('--target='));
const target =
  process.argv[named]?.split('=')[1] ?? (named < 0 ? process.env.FUNCTION_TARGET : process.argv[named + 1]) ?? '';
const functions = readdirSync(import.meta.dirname).filter(
  (name) => name !== 'cli' && existsSync(join(import.meta.dirname, name, 'index.ts')),
);
if (!functions.includes(target)) {
  throw new Refusal(`There is no function "${target}"; --target takes one of ${functions.join(', ')}`);
}
await import(`./${target}/index.ts`);
