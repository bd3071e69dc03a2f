import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Refusal } from '../../../shared/refusal.ts';

/**
 * Finds out before the work, not after it, whether the result can have the place it is to have.
 *
 * @throws {Refusal} when that is the source itself, a folder, in none, or has a name that no file can have.
 */
export async function refuseDestination(source: string, destination: string): Promise<void> {
  const name = basename(destination);
  const there = await stat(destination).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENAMETOOLONG')
      throw new Refusal(`The name ${name} is too long for a file: give the result a shorter one`);
    return null;
  });
  if (there?.isDirectory())
    throw new Refusal(`${destination} is a folder: name the video itself, for example ${destination}/large.mp4`);
  if (await sameFile(source, destination))
    throw new Refusal(`${name} is the source itself: give the result another name`);
  const folder = dirname(destination);
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new Refusal(`There is no folder ${folder} to put ${name} into`);
}

/** Whether two names are of one file, which may have several. */
export async function sameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((each) => stat(each).catch(() => null)));
  return Boolean(a && b && a.dev === b.dev && a.ino === b.ino);
}
