import { cacheKeys } from '../../shared/keys.ts';
import { readJsonOrNull } from '../../storage/read-json.ts';
import type { Store } from '../../storage/store.ts';
import type { Tunings } from './gpu/tune.ts';

/** What was measured, in the cache that all pods share: one that was asleep doesn't measure again. */
export const tuningsInStore = (store: Store): Tunings => ({
  async get(key) {
    try {
      return await readJsonOrNull(store, 'cache', cacheKeys.tuning(key));
    } catch (error) {
      // What is damaged is measured anew.
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  },
  async put(key, blocking) {
    await store.putOnce('cache', cacheKeys.tuning(key), JSON.stringify(blocking));
  },
});
