import { ClipListSchema, FailureSchema, MusicChoiceSchema } from '../../shared/job.ts';
import { type Bucket, jobRequestKey, materialKeys, recognise, revisionKeys } from '../../shared/keys.ts';
import { count } from '../../shared/metrics/record.ts';
import { eventPoint, montagePoint } from '../../shared/traces/derived.ts';
import { isTraced, openSpan } from '../../shared/traces/spans.ts';
import type { TracePoint } from '../../shared/traces/traceparent.ts';
import { readJsonOrNull } from '../../storage/read-json.ts';
import type { Store } from '../../storage/store.ts';

const STATES: Readonly<Record<string, 'done' | 'failed' | 'cancelled'>> = {
  'ai.montage.job.completed': 'done',
  'ai.montage.job.failed': 'failed',
  'ai.montage.job.cancelled': 'cancelled',
};
/** What a span may have of them. */
const MOST_LINKS = 128;

/**
 * Where the object of that key ends a revision of a job, counts that, and makes the span of the whole of it, from the request to now: the
 * one that all others of its trace stand under. One that failed and is retried gets it again, with the longer time.
 */
export async function noteEnd(store: Store, key: string): Promise<void> {
  const { kind, fields } = recognise('jobs', key) ?? {};
  const state = kind && STATES[kind.type];
  if (!state || !fields?.job) return;
  const failure = state === 'failed' ? FailureSchema.safeParse(await readJsonOrNull(store, 'jobs', key)).data : null;
  count('jobsEnded', { state, stage: failure?.stage ?? '' });
  if (isTraced()) await tellTrace(store, fields.job, Number(fields.revision), state, failure?.reason);
}

async function tellTrace(store: Store, job: string, revision: number, state: string, reason?: string): Promise<void> {
  const requested = await store.stat('jobs', revision === 1 ? jobRequestKey(job) : revisionKeys(job, revision).edit);
  const end = openSpan('montage', {
    parent: null,
    self: montagePoint(job, revision),
    links: await uploadsOf(store, job),
    attributes: { job, revision, state },
    ...(requested ? { begun: requested.lastModified } : {}),
  });
  end(reason);
}

/** Where the clips and the song of a job arrived. */
async function uploadsOf(store: Store, job: string): Promise<TracePoint[]> {
  const keys = materialKeys(job);
  // The job may just be being deleted.
  const clips = ClipListSchema.safeParse(await readJsonOrNull(store, 'jobs', keys.clips)).data?.clips ?? [];
  const song = MusicChoiceSchema.safeParse(await readJsonOrNull(store, 'jobs', keys.music)).data;
  const pointIn = (bucket: Bucket) => (object: { key: string; etag: string }) => eventPoint({ bucket, ...object });
  return [...(song ? [song] : []).map(pointIn('music')), ...clips.map(pointIn('input'))].slice(0, MOST_LINKS);
}
