import type { FunctionsNow } from '../../shared/api/ops.ts';
import type { PoolStats } from './pool.ts';

/** What the processes of each function do, as the API says it. */
export function functionsNow(pools: Readonly<Record<string, PoolStats>>): FunctionsNow {
  const functions = Object.entries(pools).map(([name, stats]) => ({
    name,
    replicas: stats.instances,
    atWork: stats.inFlight,
    waiting: stats.queued,
    oldestWaitingSeconds: stats.oldestQueuedSeconds,
    coldStarts: stats.started,
    lastColdStartSeconds: stats.lastStartSeconds,
  }));
  return { functions };
}
