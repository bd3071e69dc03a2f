import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../../shared/log.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import type { Store } from '../../storage/store.ts';

/** What took longer than this isn't looked up again for ten times as long: looking must not be the store's main work. */
const QUICK_MS = 200;
const REST_FACTOR = 10;

interface SeldomOptions {
  /** For so long at least the same answer is given again. */
  restMs?: number;
  /** So long an answer is waited for; then the one before is given, or null. Without it, as long as it takes. */
  patienceMs?: number;
}

/** What was found, and when. */
export interface Found<T> {
  value: T;
  at: Date;
}

interface Memory<T> {
  found: Found<T> | null;
  /** Milliseconds since 1970 until which that is good enough. */
  until: number;
  looking: Promise<Found<T>> | null;
}

/** A way to look up what takes long, once for all who ask at the same time and not more often than it is worth. */
export function seldom<T>(look: (store: Store) => Promise<T>, { restMs = 0, patienceMs }: SeldomOptions = {}) {
  const memories = new WeakMap<Store, Memory<T>>();
  const memoryOf = (store: Store): Memory<T> => {
    const memory = memories.get(store) ?? { found: null, until: 0, looking: null };
    memories.set(store, memory);
    return memory;
  };
  const lookNow = async (store: Store, memory: Memory<T>): Promise<Found<T>> => {
    const begun = performance.now();
    try {
      const found = { value: await look(store), at: new Date() };
      const tookMs = performance.now() - begun;
      // Unless it was forgotten meanwhile.
      if (memories.get(store) === memory) {
        memory.found = found;
        memory.until = Date.now() + Math.max(restMs, tookMs > QUICK_MS ? tookMs * REST_FACTOR : 0);
      }
      return found;
    } finally {
      memory.looking = null;
    }
  };
  return {
    /** The latest answer; null while there is none and waiting for it would take too long, or it can't be had. */
    async look(store: Store): Promise<Found<T> | null> {
      const memory = memoryOf(store);
      if (memory.found && Date.now() < memory.until) return memory.found;
      memory.looking ??= lookNow(store, memory);
      if (patienceMs === undefined) return memory.looking;
      const answer = memory.looking.catch((error: unknown) => {
        log.warn('something could not be looked up', { reason: sentenceOf(error) });
        return memory.found;
      });
      return Promise.race([answer, sleep(patienceMs, undefined, { ref: false }).then(() => memory.found)]);
    },
    /** Something has changed: the next answer is looked up. */
    forget(store: Store): void {
      memories.delete(store);
    },
  };
}
