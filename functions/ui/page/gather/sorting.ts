import { isForOneLook, MUSIC_EXTENSIONS, VIDEO_EXTENSIONS } from '../../../../shared/keys.ts';
import type { Origin } from './file-origin.ts';

/** A file as it was dropped: `path` has the folders it lay in, the dropped one first. */
export interface Dropped<F> {
  readonly path: string;
  readonly file: F;
  /** What it can be read from again another time. */
  readonly origin?: Origin;
}

/** What was dropped, told apart by the files' endings. */
export interface Sorted<F> {
  readonly clips: readonly Dropped<F>[];
  readonly songs: readonly Dropped<F>[];
  /** Names of what is neither. */
  readonly others: readonly string[];
}

const CLIPS: ReadonlySet<string> = new Set(VIDEO_EXTENSIONS);
const SONGS: ReadonlySet<string> = new Set(MUSIC_EXTENSIONS);

/** Clips, songs and the rest. What computers leave in folders unasked is not worth a word. */
export function sorted<F>(dropped: readonly Dropped<F>[]): Sorted<F> {
  const named = dropped.filter(({ path }) => !path.split('/').some((part) => part.startsWith('.')));
  const ending = ({ path }: Dropped<F>) => path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const seen = named.filter(({ path }) => !/(?:^|\/)(?:Thumbs\.db|desktop\.ini)$/i.test(path));
  return {
    clips: seen.filter((each) => CLIPS.has(ending(each))),
    songs: seen.filter((each) => SONGS.has(ending(each))),
    others: seen
      .filter((each) => !CLIPS.has(ending(each)) && !SONGS.has(ending(each)))
      .map(({ path }) => path.slice(path.lastIndexOf('/') + 1)),
  };
}

/** The folder that the clips came in, which names the set; null where they came as single files. */
export function folderOf(dropped: readonly Dropped<unknown>[]): string | null {
  const within = dropped.find(({ path }) => path.includes('/'));
  return within ? plain(within.path.slice(0, within.path.indexOf('/'))).slice(0, LONGEST_SET) : null;
}

/** Where a clip goes in a set: its path, without the folder that the set is named after. */
export function placeInSet(set: string, path: string): string {
  const parts = path.split('/').map(plain);
  return (parts.length > 1 && parts[0] === set ? parts.slice(1) : parts).join('/');
}

/** File systems take 255 bytes a name, and a number may be added. */
const LONGEST_BYTES = 240;
const LONGEST_SET = 100;
// Control characters, and those that turn the direction of the text around them.
const UNSEEN = /[\p{Cc}\p{Bidi_Control}]/gu;

/** A name that can stand in the store and on the page: composed, printable, not too long, its ending kept. */
export function plain(name: string): string {
  const clean = name.normalize('NFC').replace(UNSEEN, '').replaceAll('/', '-').trim();
  if (clean === '' || clean === '.' || clean === '..') return '_';
  if (bytesOf(clean) <= LONGEST_BYTES) return clean;
  const ending = /\.[a-z0-9]{1,5}$/i.exec(clean)?.[0] ?? '';
  const stem = [...clean.slice(0, clean.length - ending.length)];
  while (bytesOf(stem.join('')) > LONGEST_BYTES - ending.length) stem.length -= 1;
  return `${stem.join('').trim()}${ending}`;
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** Whether a set can have this name: the store keeps a few for itself. */
export function isSetName(name: string): boolean {
  return (
    plain(name) === name &&
    name.length <= LONGEST_SET &&
    !isForOneLook(`${name.toLowerCase()}/`) &&
    !/^(?:styles|luts)$/i.test(name)
  );
}
