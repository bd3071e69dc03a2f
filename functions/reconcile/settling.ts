import { setTimeout as sleep } from 'node:timers/promises';

/** A set to which clips are added all the time is left to the timer after so long: a request has an end. */
const LONGEST_SECONDS = 300;
/** Clocks of the store and of this machine differ a little. */
const LEEWAY_MILLISECONDS = 250;

/**
 * Stays for as long as a look says when to look again. One stays for all who come meanwhile: its event isn't answered before it is
 * over, which keeps the process; held up too, the others would leave no room for the events of other jobs.
 */
export class Settling {
  #stays = false;

  async wait(until: Date | null, look: () => Promise<Date | null>): Promise<void> {
    if (!until || this.#stays) return;
    this.#stays = true;
    try {
      await this.#keepLooking(until, look);
    } finally {
      this.#stays = false;
    }
  }

  async #keepLooking(first: Date, look: () => Promise<Date | null>): Promise<void> {
    const end = Date.now() + LONGEST_SECONDS * 1000;
    for (let until: Date | null = first; until && until.getTime() < end; until = await look())
      await sleep(Math.max(0, until.getTime() - Date.now()) + LEEWAY_MILLISECONDS);
  }
}
