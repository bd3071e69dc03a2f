/**
 * How many things are under way at once: as many as `most` while all goes well, half as many after each failure, and one more again
 * after some time without. So a line that can't carry six parts at once carries three, rather than losing all six over and over.
 */
export class Slots {
  readonly #most: number;
  #limit: number;
  #taken = 0;
  #well = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
  }

  /** How many may be under way now. */
  get limit(): number {
    return this.#limit;
  }

  /** Waits for a slot. */
  async take(): Promise<void> {
    if (this.#taken >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken += 1;
  }

  /** Gives a slot back, and says how it went; 'stopped' tells nothing. */
  give(how: 'well' | 'badly' | 'stopped'): void {
    if (how === 'badly') {
      this.#limit = Math.max(1, Math.floor(this.#limit / 2));
      this.#well = 0;
    } else if (how === 'well') {
      this.#well += 1;
      if (this.#well >= 2 * this.#limit && this.#limit < this.#most) {
        this.#limit += 1;
        this.#well = 0;
      }
    }
    this.#taken -= 1;
    while (this.#taken < this.#limit && this.#waiting.length > 0) {
      this.#taken += 1;
      this.#waiting.shift()?.();
    }
  }
}
