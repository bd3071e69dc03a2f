import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { interrupted } from './exit.ts';

const STILL_MS = 2000;

/** A file that changed a moment ago may still be being copied: what is named is used whole. */
export async function untilStill(path: string): Promise<void> {
  for (;;) {
    const { mtimeMs, ctimeMs } = await stat(path);
    const wait = STILL_MS - (Date.now() - Math.max(mtimeMs, ctimeMs));
    // A time stamp from the future says nothing about the present.
    if (wait <= 0 || wait > STILL_MS) return;
    await sleep(wait, undefined, { signal: interrupted });
  }
}
