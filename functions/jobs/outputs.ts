import { outputKeys } from '../../shared/keys.ts';
import { findJob } from '../../storage/jobs.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { redirectTo } from './signed.ts';

export const findOutput: Handler<'findOutput'> = async ({ store, parameters: { job, file }, query }) => {
  const seen = await findJob(store, job);
  if (!seen) throw new Problem(404, `There is no job ${job}`);
  const revision = query.revision ?? seen.finishedRevision;
  const key = revision && `${outputKeys(job, revision).root}${file}`;
  if (!key || file.includes('/') || !(await store.stat('output', key)))
    throw new Problem(404, `The job ${job} has no file ${file}`);
  return redirectTo(store, 'output', key);
};
