import { setTimeout as sleep } from 'node:timers/promises';

/** A set to which clips are added all the time is left to the timer after so long: a request has an end. */
const LONGEST_SECONDS = 300;
/** Clocks of the store and of this machine differ a little. */
const LEEWAY_MILLISECONDS = 250;

/**
 * Stays for as long as a look says when to look again. All who come meanwhile wait together, so that a hundred new clips are one
 * that waits, and none of them is answered, and its process ended, before it is over.
 */
export class Settling {
  #waiting: Promise<void> | null = null;

  wait(until: Date | null, look: () => Promise<Date | null>): Promise<void> {
    if (!until) return this.#waiting ?? Promise.resolve();
    this.#waiting ??= this.#keepLooking(until, look).finally(() => {
      this.#waiting = null;
    });
    return this.#waiting;
  }

  async #keepLooking(first: Date, look: () => Promise<Date | null>): Promise<void> {
    const end = Date.now() + LONGEST_SECONDS * 1000;
    for (let until: Date | null = first; until && until.getTime() < end; until = await look())
      await sleep(Math.max(0, until.getTime() - Date.now()) + LEEWAY_MILLISECONDS);
  }
}
