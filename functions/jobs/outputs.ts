import { outputKeys } from '../../shared/keys.ts';
import { ownName } from '../../shared/owner.ts';
import { findJob } from '../../storage/jobs.ts';
import { orderOf } from '../../storage/revisions.ts';
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
  const nameOf = async () => {
    const { footageSet } = await orderOf(store, job, revision);
    return [ownName(footageSet), query.revision && `r${query.revision}`, file].filter(Boolean).join(' ');
  };
  return redirectTo(store, 'output', key, query.save === 'true' ? { saveAs: await nameOf() } : {});
};
