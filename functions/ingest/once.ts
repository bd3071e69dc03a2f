/** Ids of events whose notification may come again within minutes: by the store's second way, or because an answer was lost. */
const MOST = 10_000;

/**
 * Does something once for each id, for as long as it remembers it; who asks again meanwhile gets the same outcome at the same time.
 * What failed is forgotten at once, and done again when it is asked for again.
 */
export class Once {
  readonly #done = new Map<string, Promise<void>>();

  do(id: string, work: () => Promise<void>): Promise<void> {
    const known = this.#done.get(id);
    if (known) return known;
    const doing = work();
    this.#done.set(id, doing);
    doing.catch(() => this.#done.delete(id));
    for (const [oldest] of this.#done) if (this.#done.size > MOST) this.#done.delete(oldest);
    return doing;
  }
}
