import { outputKeys } from '../../shared/keys.ts';
import { findJob } from '../../storage/jobs.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';

const EXPIRES_SECONDS = 3600;

export const findOutput: Handler<'findOutput'> = async ({ store, parameters: { job, file } }) => {
  const seen = await findJob(store, job);
  if (!seen) throw new Problem(404, `There is no job ${job}`);
  const key = `${outputKeys(job, seen.revision).root}${file}`;
  if (!seen.doneAt || file.includes('/') || !(await store.stat('output', key)))
    throw new Problem(404, `The job ${job} has no file ${file}`);
  return {
    status: 302,
    location: await store.signedUrl('output', key, { method: 'GET', expiresSeconds: EXPIRES_SECONDS }),
  };
};
