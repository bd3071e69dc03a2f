import { access, constants, lstat, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { alternatives } from '../../shared/alternatives.ts';
import { WrongUse } from './exit.ts';

const DEFAULT = 'montage';

/** Where the video goes. */
export interface OutputPlace {
  /** The file that a person named; null where nobody did. */
  named: string | null;
  /** The file to write, once there is something to write: what was named, else a name of ours that is still free. */
  choose(style: string): Promise<{ path: string; note: string | null }>;
}

/**
 * Finds out before the work, not after it, whether the video can be written. What was named is written over; a montage that
 * nobody gave a name is never lost to the next one.
 *
 * @throws {WrongUse} when it can't.
 */
export async function outputPlace(named: string | undefined): Promise<OutputPlace> {
  if (named !== undefined) {
    const path = await writablePlace(named, ['.mp4']);
    return { named: path, choose: async () => ({ path, note: null }) };
  }
  const folder = resolve('.');
  await checkFolder(folder, `${DEFAULT}.mp4`);
  return { named: null, choose: (style) => freeIn(folder, style) };
}

async function freeIn(folder: string, style: string): Promise<{ path: string; note: string | null }> {
  const first = resolve(folder, `${DEFAULT}.mp4`);
  if (await isFree(first)) return { path: first, note: null };
  const stem = `${DEFAULT}-${style}`;
  let path = resolve(folder, `${stem}.mp4`);
  for (let n = 2; !(await isFree(path)); n += 1) path = resolve(folder, `${stem}-${n}.mp4`);
  return { path, note: `${DEFAULT}.mp4 is an earlier one, so this is ${basename(path)}; -o names it otherwise` };
}

/**
 * Where a video goes that a person named.
 *
 * @param endings of the names that it may have.
 * @throws {WrongUse} when it can't be written there.
 */
export async function writablePlace(named: string, endings: readonly string[]): Promise<string> {
  const path = resolve(named);
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENAMETOOLONG')
      throw new WrongUse(`${named} is too long a name for a file; choose a shorter one`);
    return null;
  });
  if (there?.isDirectory())
    throw new WrongUse(
      `${named} is a folder; name the video itself, for example ${named.replace(/\/+$/, '')}/${DEFAULT}${endings[0]}`,
    );
  if (!endings.includes(extname(path).toLowerCase()))
    throw new WrongUse(`${named} must end in ${alternatives(endings)}: that is what is made`);
  await checkFolder(dirname(path), named);
  if (there && !(await isWritable(path)))
    throw new WrongUse(`${named} can't be written: you may not change it; choose another place with -o`);
  return path;
}

async function checkFolder(folder: string, named: string): Promise<void> {
  const there = (await stat(folder).catch(() => null))?.isDirectory();
  if (there && (await isWritable(folder))) return;
  throw new WrongUse(
    `${named} can't be written: ${there ? 'you may not write there' : `there is no folder ${folder}`}; choose another place with -o`,
  );
}

function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

function isFree(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    () => true,
  );
}
