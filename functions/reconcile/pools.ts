import { ChunkMarkerSchema } from '../../shared/chunks.ts';
import type { Config } from '../../shared/config.ts';
import type { ObservedJob } from '../../shared/job.ts';
import { type Pool, revisionKeys } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { sentenceOf } from '../../shared/refusal.ts';
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

/** Chunks of a job that a pool's GPUs were ever asked for. */
const askedOf = (asked: Pool, { requests }: Pick<ObservedJob, 'requests'>): Set<string> =>
  new Set(requests.flatMap(({ stage, item, pool = 'own' }) => (stage === 'upscale' && pool === asked ? [item] : [])));

/**
 * Chunks of a job that are asked of each pool and not there yet. What was asked of a cloud is open there as long as it isn't made, even if
 * the own GPUs were asked for it since: the broker still has it, and a node that comes late makes it.
 */
export function openChunks({ seen, found }: Finding): Record<Pool, number> {
  return {
    own: found.open.filter(({ stage, pool }) => stage === 'upscale' && pool === 'own').length,
    cloud: [...askedOf('cloud', seen)].filter((item) => !seen.upscaled.has(item)).length,
  };
}

/** How many of the chunks that jobs wait for are to be asked of a cloud's GPUs now. */
export async function chunksForCloud(
  store: Store,
  config: Config,
  findings: readonly Finding[],
  now: Date,
): Promise<number> {
  const asks = findings
    .flatMap(({ found }) => found.steps)
    .flatMap((step) => (step.kind === 'ask' && step.stage === 'upscale' ? [step] : []));
  const waiting = asks.filter((step) => step.attempt === 1).length;
  if (config.MONTAGE_CAPACITY_CLOUD === 0 || waiting === 0) return 0;
  const open = findings.map(openChunks);
  const openIn = (pool: Pool) => open.reduce((sum, each) => sum + each[pool], 0);
  // What came to nothing in the cloud is before the own GPUs too.
  const comingBack = asks.filter((step) => step.afterCloud).length;
  const [ownSeconds, cloudSeconds, spent] = await Promise.all([
    secondsIn('own', store, findings),
    secondsIn('cloud', store, findings),
    cloudWorkOfMonth(store, now),
  ]);
  return forCloud({
    waiting,
    own: { capacity: config.MONTAGE_CAPACITY_UPSCALE, open: openIn('own') + comingBack, secondsEach: ownSeconds },
    cloud: { capacity: config.MONTAGE_CAPACITY_CLOUD, open: openIn('cloud'), secondsEach: cloudSeconds },
    afterSeconds: config.MONTAGE_CLOUD_AFTER_MINUTES * 60,
    spent,
    mostSeconds: config.MONTAGE_CLOUD_MINUTES_A_MONTH * 60,
  });
}

/**
 * How long the latest chunks took that a pool's GPUs made for jobs which are open; null while there are none. Those that were asked of
 * both count for neither: their markers don't say who made them.
 */
async function secondsIn(pool: Pool, store: Store, findings: readonly Finding[]): Promise<number | null> {
  const made = findings
    .flatMap(({ seen }) => {
      const others = askedOf(pool === 'own' ? 'cloud' : 'own', seen);
      return [...askedOf(pool, seen)].flatMap((item) => {
        const at = seen.upscaled.get(item);
        return at && !others.has(item) ? [{ seen, item, at }] : [];
      });
    })
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, MEASURED);
  const each = (
    await Promise.all(made.map(({ seen: { job, revision }, item }) => secondsOf(store, job, revision, item)))
  ).flatMap((seconds) => seconds ?? []);
  return each.length === 0 ? null : each.reduce((sum, seconds) => sum + seconds, 0) / each.length;
}

/** How long a chunk took, as its marker says; undefined where that says nothing, as of a job that has just been deleted. */
async function secondsOf(store: Store, job: string, revision: number, item: string): Promise<number | undefined> {
  try {
    return (await markerOf(store, job, revision, item)).seconds;
  } catch (error) {
    log.info('a marker could not be read', { job, item, reason: sentenceOf(error) });
    return undefined;
  }
}

const markerOf = remembering(
  1000,
  (job: string, revision: number, item: string) => `${job} ${revision} ${item}`,
  async (store, job, revision, item) =>
    ChunkMarkerSchema.parse(await readJson(store, 'jobs', revisionKeys(job, revision).marker('upscale', item))),
);
