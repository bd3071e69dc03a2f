import { ChunkMarkerSchema } from '../../shared/chunks.ts';
import type { Config } from '../../shared/config.ts';
import type { ObservedJob } from '../../shared/job.ts';
import { type Pool, revisionKeys } from '../../shared/keys.ts';
import { cloudWorkOfMonth } from '../../storage/cloud-work.ts';
import { readJson } from '../../storage/read-json.ts';
import { remembering } from '../../storage/remembering.ts';
import type { Store } from '../../storage/store.ts';
import { forCloud } from './burst.ts';
import type { Missing } from './missing.ts';

interface Finding {
  seen: Pick<ObservedJob, 'job' | 'revision' | 'requests' | 'upscaled'>;
  found: Pick<Missing, 'steps' | 'open'>;
}

/** Chunks of open jobs that it is measured by how long one takes. */
const MEASURED = 20;

/** Whose GPU a chunk was asked of last. */
function poolOf({ requests }: Pick<ObservedJob, 'requests'>, item: string): Pool {
  const asked = requests.filter((request) => request.stage === 'upscale' && request.item === item);
  return asked.toSorted((a, b) => b.attempt - a.attempt)[0]?.pool ?? 'own';
}

/** Chunks that are asked for and not there yet, by whose GPUs they were asked of. */
export function openChunks(findings: readonly Finding[]): Record<Pool, number> {
  const open = { own: 0, cloud: 0 };
  for (const { seen, found } of findings)
    for (const { stage, item } of found.open) if (stage === 'upscale') open[poolOf(seen, item)] += 1;
  return open;
}

/** How many of the chunks that jobs wait for are to be asked of a cloud's GPUs now. */
export async function chunksForCloud(
  store: Store,
  config: Config,
  findings: readonly Finding[],
  now: Date,
): Promise<number> {
  const waiting = findings.flatMap(({ found }) =>
    found.steps.filter((step) => step.kind === 'ask' && step.stage === 'upscale' && step.attempt === 1),
  ).length;
  if (config.MONTAGE_CAPACITY_CLOUD === 0 || waiting === 0) return 0;
  const open = openChunks(findings);
  const [ownSeconds, spent] = await Promise.all([secondsOfOwn(store, findings), cloudWorkOfMonth(store, now)]);
  return forCloud({
    waiting,
    own: { capacity: config.MONTAGE_CAPACITY_UPSCALE, open: open.own, secondsEach: ownSeconds },
    cloud: {
      capacity: config.MONTAGE_CAPACITY_CLOUD,
      open: open.cloud,
      secondsEach: spent.times === 0 ? null : spent.seconds / spent.times,
    },
    afterSeconds: config.MONTAGE_CLOUD_AFTER_MINUTES * 60,
    spentSeconds: spent.seconds,
    mostSeconds: config.MONTAGE_CLOUD_MINUTES_A_MONTH * 60,
  });
}

/** How long the latest chunks took that the cluster's own GPUs made for jobs which are open; null while there are none. */
async function secondsOfOwn(store: Store, findings: readonly Finding[]): Promise<number | null> {
  const made = findings
    .flatMap(({ seen }) => [...seen.upscaled].map(([item, at]) => ({ seen, item, at })))
    .filter(({ seen, item }) => poolOf(seen, item) === 'own')
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, MEASURED);
  const each = (
    await Promise.all(made.map(({ seen: { job, revision }, item }) => markerOf(store, job, revision, item)))
  ).flatMap(({ seconds }) => seconds ?? []);
  return each.length === 0 ? null : each.reduce((sum, seconds) => sum + seconds, 0) / each.length;
}

const markerOf = remembering(
  1000,
  (job: string, revision: number, item: string) => `${job} ${revision} ${item}`,
  async (store, job, revision, item) =>
    ChunkMarkerSchema.parse(await readJson(store, 'jobs', revisionKeys(job, revision).marker('upscale', item))),
);
