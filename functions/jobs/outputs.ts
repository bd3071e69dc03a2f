import { outputKeys } from '../../shared/keys.ts';
import { findJob } from '../../storage/jobs.ts';
import { Problem } from '../problem.ts';
import type { Call, Reply } from './call.ts';

const EXPIRES_SECONDS = 3600;

export async function findOutput({ store, parameters }: Call): Promise<Reply> {
  const { job = '', file = '' } = parameters;
  const seen = await findJob(store, job);
  if (!seen) throw new Problem(404, `There is no job ${job}`);
  const key = `${outputKeys(job, seen.revision).root}${file}`;
  if (!seen.doneAt || file.includes('/') || !(await store.stat('output', key)))
    throw new Problem(404, `The job ${job} has no file ${file}`);
  return { redirect: await store.signedUrl('output', key, { method: 'GET', expiresSeconds: EXPIRES_SECONDS }) };
}
