import { allRules } from '../../storage/rules.ts';
import type { Store } from '../../storage/store.ts';

const MINUTE_MS = 60_000;

/** Whether the timer is wanted for rules: once a minute where there are any, so that the functions may go in between. */
export class RulesDue {
  readonly #store: Store;
  #askedAt = Date.now();

  constructor(store: Store) {
    this.#store = store;
  }

  async any(): Promise<boolean> {
    if (Date.now() - this.#askedAt < MINUTE_MS) return false;
    this.#askedAt = Date.now();
    return (await allRules(this.#store)).length > 0;
  }
}
