import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../refusal.ts';
import type { Style } from '../style.ts';
import { didYouMean } from './fields.ts';
import { type StyleOverrides, withOverrides } from './overrides.ts';
import { parseStyle } from './parse.ts';

const DEFAULT_STYLE = 'dynamic';

let known: readonly Style[] | undefined;

/** The styles that come with Montage, the default one first, the others by id. Read once a process. */
export function builtInStyles(): readonly Style[] {
  known ??= readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.json'))
    .map((file) => parseStyle(readFileSync(join(import.meta.dirname, file), 'utf8'), file))
    .sort((a, b) => Number(b.id === DEFAULT_STYLE) - Number(a.id === DEFAULT_STYLE) || (a.id < b.id ? -1 : 1));
  return known;
}

/**
 * The style of that id, a user's own before a built-in one, with the fields of `set` (dotted paths) put in its place.
 *
 * @throws {Refusal} when there is no such style or field, or a value doesn't fit.
 */
export function resolveStyle(id: string, own: readonly Style[], set: StyleOverrides): Style {
  const all = [...own, ...builtInStyles()];
  const style = all.find((candidate) => candidate.id === id);
  if (!style) {
    const ids = [...new Set(all.map((candidate) => candidate.id))];
    throw new Refusal(`There is no style "${id}"${didYouMean(id, ids) || `; there are ${ids.join(', ')}`}`);
  }
  return withOverrides(style, set);
}

export { parseStyle } from './parse.ts';
