import { setTimeout as sleep } from 'node:timers/promises';
import type { Runtime } from '../../knative/local/runtime.ts';
import { allHooks } from '../../storage/hooks.ts';
import type { Store } from '../../storage/store.ts';

const LONGEST_MS = 15_000;
/** An object that was just written is heard of a moment later. */
const QUIET_MS = 1000;
const LOOK_MS = 100;

/**
 * Lets a runtime that is about to end call those who are to be told of what it did; at once back where there are none. What they don't
 * take by then is told by the next runtime.
 */
export async function untilTold(runtime: Pick<Runtime, 'idle'>, store: Store, signal: AbortSignal): Promise<void> {
  if ((await allHooks(store)).length === 0) return;
  const end = Date.now() + LONGEST_MS;
  let quietSince = Date.now();
  while (Date.now() < end && Date.now() - quietSince < QUIET_MS && !signal.aborted) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    if (!runtime.idle()) quietSince = Date.now();
  }
}
