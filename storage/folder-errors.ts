import { Refusal } from '../shared/refusal.ts';

/** The code of a system error, for example "ENOENT"; undefined for any other value. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** True when a file, or a folder on the way to it, isn't there. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/**
 * What went wrong while writing below `root`, said to a person where a person can do something about it; else the error itself.
 * A full disk may have room again later, so it is no `Refusal`.
 */
export function writeError(error: unknown, root: string): unknown {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Error(`The disk of ${root} is full: free some space and try again`, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new Error(`Nothing can be written to ${root}: allow it, or set MONTAGE_DATA to another folder`, {
        cause: error,
      });
    case 'ENOTDIR':
      return new Refusal(`A part of the name is already that of a file in ${root}: choose another name`);
    case 'ENAMETOOLONG':
      return new Refusal(`The name is too long for the disk of ${root}: shorten it`);
    default:
      return error;
  }
}

/** Runs what writes below `root` and throws `writeError` of what it throws. */
export async function writing<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw writeError(error, root);
  }
}
