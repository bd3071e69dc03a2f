import { outputKeys } from '../../shared/keys.ts';
import { findJob } from '../../storage/jobs.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { redirectTo } from './signed.ts';

export const findOutput: Handler<'findOutput'> = async ({ store, parameters: { job, file } }) => {
  const seen = await findJob(store, job);
  if (!seen) throw new Problem(404, `There is no job ${job}`);
  const key = `${outputKeys(job, seen.revision).root}${file}`;
  if (!seen.doneAt || file.includes('/') || !(await store.stat('output', key)))
    throw new Problem(404, `The job ${job} has no file ${file}`);
  return redirectTo(store, 'output', key);
};
