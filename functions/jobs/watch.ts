import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerSentEvent } from '../../shared/api/operations.ts';
import { hasEnded } from '../../shared/job.ts';
import { findJob } from '../../storage/jobs.ts';
import { missingAsNull } from '../../storage/read-json.ts';
import type { Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { statusOf } from './status.ts';

const LOOK_MS = 300;

/** What a job is each time it changes. An event's id says what it told, so whoever comes back with it hears only what is new. */
export const watchJob: Handler<'watchJob'> = async ({ store, parameters: { job } }) => {
  if (!(await findJob(store, job))) throw new Problem(404, `There is no job ${job}`);
  return { status: 200, events: (lastId, signal) => changesOf(store, job, lastId, signal) };
};

async function* changesOf(
  store: Store,
  job: string,
  lastId: string | null,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  let told = lastId;
  while (!signal.aborted) {
    const seen = await findJob(store, job);
    if (!seen) {
      yield { id: 'deleted', event: 'deleted', data: { id: job } };
      return;
    }
    const status = await missingAsNull(statusOf(store, seen));
    // It is just being deleted: the next look finds it gone.
    if (!status) {
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
      continue;
    }
    const id = createHash('sha256').update(JSON.stringify(status)).digest('base64url').slice(0, 16);
    if (id !== told) yield { id, event: 'job', data: status };
    told = id;
    if (hasEnded(status)) return;
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}
