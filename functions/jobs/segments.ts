import { cacheKeys, revisionKeys } from '../../shared/keys.ts';
import { plannedOf } from '../../storage/planned.ts';
import type { Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { redirectTo } from './signed.ts';

interface Named {
  store: Store;
  parameters: { job: string; revision: number };
}

export const listSegments: Handler<'listSegments'> = async (call) => {
  const segments = await segmentsOf(call);
  const rendered = await Promise.all(segments.map(({ hash }) => call.store.stat('cache', cacheKeys.segment(hash))));
  let frame = 0;
  const body = segments.map(({ hash, spec: { frames } }, i) => {
    const segment = { hash, frame, frames, rendered: rendered[i] !== null };
    frame += frames;
    return segment;
  });
  return { status: 200, body: { segments: body } };
};

export const findSegment: Handler<'findSegment'> = async (call) => {
  const { hash } = call.parameters;
  const known = (await segmentsOf(call)).some((segment) => segment.hash === hash);
  if (!known || !(await call.store.stat('cache', cacheKeys.segment(hash))))
    throw new Problem(404, `The job ${call.parameters.job} has no rendered segment of that name`);
  return redirectTo(call.store, 'cache', cacheKeys.segment(hash));
};

async function segmentsOf({ store, parameters: { job, revision } }: Named) {
  if (!(await store.stat('jobs', revisionKeys(job, revision).timeline)))
    throw new Problem(404, `Revision ${revision} of ${job} is not planned`);
  return (await plannedOf(store, job, revision)).segments;
}
