import { cacheKeys } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { sentenceOf } from '../../shared/refusal.ts';
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
    const at = cacheKeys.tuning(key);
    const body = JSON.stringify(blocking);
    try {
      if (await store.putOnce('cache', at, body)) return;
      const there = await store.stat('cache', at);
      // What another pod wrote meanwhile is as good.
      if (there) await store.replace('cache', at, body, there.etag);
    } catch (error) {
      log.warn('what was measured of a GPU can not be kept', { key: at, reason: sentenceOf(error) });
    }
  },
});
