import { FOOTAGE_ANALYSER_VERSION, MUSIC_ANALYSER_VERSION } from '../../shared/analysis.ts';
import { isOpen, JOB_STATES, type ObservedJob, stateOf } from '../../shared/job.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { freeBytes } from '../../storage/free-space.ts';
import { jobsWithObjects } from '../../storage/jobs.ts';
import { leasesNow } from '../../storage/lease.ts';
import { remembering } from '../../storage/remembering.ts';
import type { Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { type FailureMark, failuresIn, lostCalls, recentFailures } from './ops-failures.ts';
import { bucketUse } from './ops-store.ts';
import { analysisName, workOf } from './ops-work.ts';
import { seldom } from './seldom.ts';

type States = Record<(typeof JOB_STATES)[number], number>;

/** One look through all jobs, which keeps of those that have ended no more than numbers and the names of failures. */
const jobsNow = seldom(async (store) => {
  const states = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as States;
  const open: ObservedJob[] = [];
  const failures: FailureMark[] = [];
  for await (const job of jobsWithObjects(store)) {
    states[stateOf(job.seen)] += 1;
    if (isOpen(job.seen)) open.push(job.seen);
    failures.push(...failuresIn(job));
  }
  return { states, open, failures };
});

export const showOps: Handler<'showOps'> = async ({ store }) => {
  const [jobs, leases, buckets, free, calls] = await Promise.all([
    jobsNow.look(store),
    leasesNow(store),
    bucketUse(store),
    freeBytes(store),
    lostCalls(store),
  ]);
  if (!jobs) throw new Error('The jobs could not be looked through');
  const { states, open, failures } = jobs.value;
  return {
    status: 200,
    body: {
      jobs: states,
      work: workOf(open, leases, await analysedOf(store, open), new Date()),
      store: { buckets, freeBytes: free },
      failures: await recentFailures(store, failures),
      lostCalls: calls,
    },
  };
};

/** Functions have no rights in Kubernetes; the local runtime answers this itself. */
export const showFunctions: Handler<'showFunctions'> = async () => {
  throw new Problem(
    404,
    'What the functions’ pods do is known to the cluster alone: look at Grafana, or at `kubectl get pods -n montage-ai`',
  );
};

/** Names of the analyses that are there, of all that jobs without a timeline have asked for. */
async function analysedOf(store: Store, open: readonly ObservedJob[]): Promise<Set<string>> {
  const asked = open
    .filter(({ timelineAt }) => !timelineAt)
    .flatMap(({ requests }) => requests.filter(({ stage }) => stage.startsWith('analyze-')));
  const known = new Map(asked.map((request) => [analysisName(request), request]));
  const found = [...known].map(async ([name, { stage, item }]) => {
    const key =
      stage === 'analyze-footage'
        ? cacheKeys.footageAnalysis(item, FOOTAGE_ANALYSER_VERSION)
        : cacheKeys.musicAnalysis(item, MUSIC_ANALYSER_VERSION);
    return (await isThere(store, key)) ? [name] : [];
  });
  return new Set((await Promise.all(found)).flat());
}

const isThere = remembering(
  10_000,
  (key: string) => key,
  async (store, key) => ((await store.stat('cache', key)) ? true : null),
);
