import { link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../shared/refusal.ts';
import { codeOf, isMissing } from './folder-errors.ts';

/** No write takes this long between two changes of its scratch file. */
const ABANDONED_MILLISECONDS = 3_600_000;
/** Parts of an upload that nobody has gone on with. Those that are known are cleared sooner or later by `clearUploads`. */
const ABANDONED_UPLOAD_MILLISECONDS = 7 * 24 * ABANDONED_MILLISECONDS;

/**
 * Makes the folders of a folder store, tries whether it can be written to, and clears what killed processes left in scratch.
 *
 * @throws {Refusal} when the folder can't be used, with what to do.
 */
export async function prepareFolder(root: string, buckets: readonly string[]): Promise<void> {
  const scratch = join(root, '.scratch');
  const probe = join(scratch, crypto.randomUUID());
  try {
    for (const folder of [...buckets, '.scratch', '.etags', '.locks', '.uploads'])
      await mkdir(join(root, folder), { recursive: true });
    await writeFile(probe, 'x');
    await link(probe, `${probe}.link`);
  } catch (error) {
    throw unusable(error, root, probe);
  } finally {
    await rm(probe, { force: true }).catch(() => {});
    await rm(`${probe}.link`, { force: true }).catch(() => {});
  }
  for (const folder of [scratch, join(root, '.locks')]) await removeAbandoned(folder, ABANDONED_MILLISECONDS);
  await removeAbandoned(join(root, '.uploads'), ABANDONED_UPLOAD_MILLISECONDS);
}

function unusable(error: unknown, root: string, probe: string): unknown {
  const code = codeOf(error);
  const failedLink = error instanceof Error && 'dest' in error && error.dest === `${probe}.link`;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Refusal(
      `The disk of the data folder ${root} is full: free some space or set MONTAGE_DATA to another folder`,
    );
  if (failedLink)
    return new Refusal(
      `The disk of the data folder ${root} has no hard links (${code}): set MONTAGE_DATA to a folder on another disk`,
    );
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return new Refusal(
      `A file is in the way of the data folder ${root}: move it or set MONTAGE_DATA to another folder`,
    );
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT')
    return new Refusal(
      `The data folder ${root} can't be written to (${code}): give this user the right to or set MONTAGE_DATA to another folder`,
    );
  return error;
}

async function removeAbandoned(folder: string, afterMilliseconds: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    try {
      if (Date.now() - (await stat(path)).mtimeMs > afterMilliseconds) await rm(path, { force: true, recursive: true });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
