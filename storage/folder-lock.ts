import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMissing } from './folder-errors.ts';

const STALE_MILLISECONDS = 5000;
/** Well below `STALE_MILLISECONDS`: whoever took longer can't be sure to hold the lock still. */
const HOLD_MILLISECONDS = 2500;
const WAIT_MILLISECONDS = 15_000;

/** Throws when the lock may have been broken meanwhile; to be called right before the change that it guards. */
export type StillHeld = () => void;

/**
 * Does `work` while no other process on this folder does work under the same `name` (letters and digits).
 *
 * Each contender first announces itself with a file of its own, made exclusively, and then looks: who finds another one
 * withdraws and tries again, so of two at least one sees the other. Names are never used twice, so the file that a dead
 * process left can be removed by anyone, after five seconds, without ever hitting a live one.
 *
 * @throws {Error} when the lock can't be had within fifteen seconds.
 */
export async function withLock<T>(
  folder: string,
  name: string,
  work: (stillHeld: StillHeld) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true });
  const until = performance.now() + WAIT_MILLISECONDS;
  for (let attempt = 0; performance.now() < until; attempt += 1) {
    const own = `${name}.${crypto.randomUUID()}`;
    const since = performance.now();
    await (await open(join(folder, own), 'wx')).close();
    try {
      if (await isAlone(folder, name, own))
        return await work(() => {
          if (performance.now() - since > HOLD_MILLISECONDS)
            throw new Error('This machine is too busy to write safely just now: try again');
        });
    } finally {
      await unlink(join(folder, own)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    }
    await sleep(1 + Math.random() * Math.min(50, 4 * 2 ** attempt));
  }
  throw new Error(`Somebody else has been writing below ${folder} for too long: try again`);
}

async function isAlone(folder: string, name: string, own: string): Promise<boolean> {
  const others = (await readdir(folder)).filter((file) => file.startsWith(`${name}.`) && file !== own);
  for (const other of others) {
    const path = join(folder, other);
    try {
      if (Date.now() - (await stat(path)).mtimeMs < STALE_MILLISECONDS) return false;
      await unlink(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return true;
}
