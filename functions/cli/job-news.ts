import { join } from 'node:path';
import type { Config } from '../../shared/config.ts';
import { type Failure, FailureSchema } from '../../shared/job.ts';
import { outputKeys, recognise } from '../../shared/keys.ts';
import { readJson } from '../../storage/read-json.ts';
import type { Store } from '../../storage/store.ts';

/** How a job ended. */
export type JobNews =
  | { job: string; state: 'done'; output: string }
  | { job: string; state: 'failed'; failure: Failure };

/** Tells of every job that ends from now on, once each, until `signal` is aborted. */
export async function tellOfJobs(
  store: Store,
  config: Pick<Config, 'MONTAGE_DATA' | 'MONTAGE_STORE' | 'MONTAGE_BUCKET_PREFIX'>,
  tell: (news: JobNews) => void,
  signal: AbortSignal,
): Promise<void> {
  const told = new Set<string>();
  const look = async (key: string) => {
    const { kind, fields } = recognise('jobs', key) ?? {};
    const { job = '', revision = '' } = fields ?? {};
    if (kind?.type === 'ai.montage.job.completed')
      tell({ job, state: 'done', output: placeOf(outputKeys(job, Number(revision)).montage, config) });
    else if (kind?.type === 'ai.montage.job.failed')
      tell({ job, state: 'failed', failure: FailureSchema.parse(await readJson(store, 'jobs', key)) });
  };
  const arrive = ({ key }: { key: string }) => {
    if (told.has(key) || !/\/(?:done|failed-\d+)\.json$/.test(key)) return;
    told.add(key);
    // A job that is deleted at this moment has no news.
    look(key).catch(() => told.delete(key));
  };
  await store.watch(['jobs'], arrive, signal);
}

/** The news in a line for a person. */
export function newsLine(news: JobNews): string {
  return news.state === 'done'
    ? `Job ${news.job} is done: ${news.output}`
    : `Job ${news.job} failed at ${news.failure.stage}: ${news.failure.reason}`;
}

function placeOf(
  key: string,
  { MONTAGE_DATA, MONTAGE_STORE, MONTAGE_BUCKET_PREFIX }: Parameters<typeof tellOfJobs>[1],
): string {
  return MONTAGE_STORE
    ? `${MONTAGE_STORE.replace(/\/+$/, '')}/${MONTAGE_BUCKET_PREFIX}output/${key}`
    : join(MONTAGE_DATA, 'output', key);
}
