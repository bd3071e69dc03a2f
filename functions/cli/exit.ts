import { Refusal } from '../../shared/refusal.ts';

/** Exit codes that scripts can rely on. */
export const EXIT = { done: 0, failed: 1, wrongUse: 2, interrupted: 130 } as const;

/** What was typed can't be meant: a file that isn't there, a style that doesn't exist. */
export class WrongUse extends Refusal {}

/** Ctrl-C, or a polite request to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const interruption = new AbortController();

/** Aborted on the first Ctrl-C or SIGTERM, so that work can be cancelled and cleaned up. */
export const interrupted: AbortSignal = interruption.signal;

/** A terminal's Ctrl-C comes from the terminal and once more from `start.mjs`; nobody types it twice as fast. */
const SAME_MS = 200;

/** Waits for a command; a second Ctrl-C doesn't wait for its cleaning up. */
export async function untilInterrupted<T>(command: Promise<T>): Promise<T> {
  let first: number | null = null;
  const stop = () => {
    if (first !== null && performance.now() - first > SAME_MS) process.exit(EXIT.interrupted);
    first ??= performance.now();
    interruption.abort(new Interrupted('Interrupted'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return command;
}
