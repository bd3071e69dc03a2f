import { cacheKeys } from '../../shared/keys.ts';
import { readJson } from '../../storage/read-json.ts';
import { NoSuchObject, type Store } from '../../storage/store.ts';
import type { Tunings } from './gpu/tune.ts';

/** What was measured, in the cache that all pods share: one that was asleep doesn't measure again. */
export const tuningsInStore = (store: Store): Tunings => ({
  async get(key) {
    try {
      return await readJson(store, 'cache', cacheKeys.tuning(key));
    } catch (error) {
      if (error instanceof NoSuchObject || error instanceof SyntaxError) return null;
      throw error;
    }
  },
  async put(key, blocking) {
    await store.putOnce('cache', cacheKeys.tuning(key), JSON.stringify(blocking));
  },
});
