import { Refusal } from '../shared/refusal.ts';

const MOST_KEY_BYTES = 1024;
const MOST_PART_BYTES = 255;

/** Endings that browsers and copy programs give a file until it is whole. */
const UNFINISHED = /\.(?:part|partial|filepart|crdownload|opdownload|download)$/i;

/**
 * A key is a plain relative path: any Unicode but NUL, parts between single slashes.
 *
 * @throws {Refusal} when a file or an S3 object could not have that name, or it would lead out of its bucket.
 */
export function checkKey(key: string): void {
  const parts = key.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..') || key.includes('\0') || !key.isWellFormed())
    throw new Refusal(
      `The name ${JSON.stringify(key)} can't be used: no part may be empty, "." or "..", and no character zero`,
    );
  if (Buffer.byteLength(key) > MOST_KEY_BYTES || parts.some((part) => Buffer.byteLength(part) > MOST_PART_BYTES))
    throw new Refusal(`The name ${JSON.stringify(`${key.slice(0, 60)}…`)} is too long: shorten it`);
}

/**
 * As `checkKey`, for an object that is to be made.
 *
 * @throws {Refusal} also when the object would be invisible.
 */
export function checkNewKey(key: string): void {
  checkKey(key);
  if (isHidden(key))
    throw new Refusal(`The name ${JSON.stringify(key)} looks like a hidden or unfinished file: choose another`);
}

/**
 * The start of keys: empty, or a path whose last part may be cut off anywhere.
 *
 * @throws {Refusal} when no key can start like that.
 */
export function checkPrefix(prefix: string): void {
  if (prefix !== '') checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
}

/** Dotfiles (macOS puts `._clip.mp4` beside every clip), lock files and downloads under way aren't objects. */
export function isHidden(key: string): boolean {
  return key.split('/').some(isHiddenPart);
}

/** As `isHidden`, for one part of a key. */
export function isHiddenPart(part: string): boolean {
  return part.startsWith('.') || part.startsWith('~') || UNFINISHED.test(part);
}

/** Order of keys as S3 has it: by their UTF-8 bytes, which isn't the order of UTF-16 strings. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
