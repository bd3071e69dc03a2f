import { setTimeout as sleep } from 'node:timers/promises';
import type { Runtime } from '../../knative/local/runtime.ts';
import type { Config } from '../../shared/config.ts';
import { allHooks } from '../../storage/hooks.ts';
import type { Store } from '../../storage/store.ts';

const LONGEST_FOR_HOOKS_MS = 15_000;
const LONGEST_FOR_TRACES_MS = 5000;
/** An object that was just written is heard of a moment later. */
const QUIET_MS = 1000;
const LOOK_MS = 100;

/**
 * Lets a runtime that is about to end call the hooks that are to be told of what it did, and send what is traced of it; at once back where
 * there are neither. What hooks don't take by then is told by the next runtime.
 */
export async function untilTold(
  runtime: Pick<Runtime, 'idle'>,
  { store, config, signal }: { store: Store; config: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT'>; signal: AbortSignal },
): Promise<void> {
  const hooks = (await allHooks(store)).length > 0;
  if (!hooks && !config.OTEL_EXPORTER_OTLP_ENDPOINT) return;
  const end = Date.now() + (hooks ? LONGEST_FOR_HOOKS_MS : LONGEST_FOR_TRACES_MS);
  let quietSince = Date.now();
  while (Date.now() < end && Date.now() - quietSince < QUIET_MS && !signal.aborted) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    if (!runtime.idle()) quietSince = Date.now();
  }
}
