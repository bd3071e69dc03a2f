import { z } from 'zod';
import { BucketSchema, type Pool, type Stage, StageSchema } from './keys.ts';
import { ClipRefSchema } from './timeline.ts';

/** `r1/clips.json`: the clips that the job uses, written once, so that they never change afterwards. */
export const ClipListSchema = z.object({
  clips: z.array(ClipRefSchema).min(1),
});

/** `r1/music.json`: the song that the job uses. */
export const MusicChoiceSchema = z.object({
  file: z.string(),
  key: z.string(),
  etag: z.string(),
  /** How it was chosen, when nobody named it. */
  notes: z.array(z.string()),
});
export type MusicChoice = z.infer<typeof MusicChoiceSchema>;

/** `r1/rejected/<etag>.json`: a clip that this job goes on without. */
export const RejectionSchema = z.object({
  file: z.string(),
  reason: z.string(),
});
export type Rejection = z.infer<typeof RejectionSchema>;

/** Body of `requests/analyze-*`. The other stages' are a segment's spec (render), a chunk's (upscale), or empty (plan, assemble). */
export const AnalysisRequestSchema = z.object({
  bucket: BucketSchema,
  key: z.string(),
  etag: z.string(),
});
export type AnalysisRequest = z.infer<typeof AnalysisRequestSchema>;

/** `failed-<k>.json`. */
export const FailureSchema = z.object({
  stage: z.union([StageSchema, z.literal('reconcile')]),
  /** One sentence for a person. */
  reason: z.string(),
  /** The file, segment or request that it was about. */
  item: z.string().optional(),
  /** Written by `dead-letter`, when the broker's last try had failed. */
  deadLetter: z.literal(true).optional(),
});
export type Failure = z.infer<typeof FailureSchema>;

/** `cache/leases/…`: who is at work, and until when unless renewed. */
export const LeaseSchema = z.object({
  holder: z.string(),
  /** What it was taken for: the key of a request. */
  reason: z.string().optional(),
  expiresAt: z.iso.datetime(),
  /** Given back after a failure: anyone may take it at once, but it still says that the work isn't lost until it expires. */
  released: z.boolean().default(false),
});
export type Lease = z.infer<typeof LeaseSchema>;

export const JOB_STATES = [
  'waiting',
  'analysing',
  'planning',
  'rendering',
  'upscaling',
  'assembling',
  'done',
  'failed',
  'cancelled',
] as const;
type JobState = (typeof JOB_STATES)[number];

const ENDED: readonly JobState[] = ['done', 'failed', 'cancelled'];

/** Whether nothing more comes of a job by itself. */
export const hasEnded = ({ state }: { state: JobState }): boolean => ENDED.includes(state);

/** What is being done in a stage, as the beginning of a sentence. */
export const STAGE_WORDS = {
  'analyze-footage': 'Looking at a clip',
  'analyze-music': 'Listening to the song',
  plan: 'Planning the cuts',
  render: 'Rendering a segment',
  upscale: 'Making a segment larger',
  assemble: 'Putting the montage together',
} as const satisfies Record<Stage, string>;

/**
 * What a lease is for. An analysis and a segment are the same work for every job that needs them; a plan and an assembly are
 * a revision's own.
 */
export function leaseItem(stage: Stage, item: string, job: string, revision: number): string {
  return stage === 'plan' || stage === 'assemble' ? `${job}-r${revision}` : item;
}

export interface WorkRequest {
  stage: Stage;
  item: string;
  attempt: number;
  /** Whose GPU it was asked of; the cluster's own where it isn't said. */
  pool?: Pool;
  at: Date;
}

/** What exists of a job's latest revision, and of what all its revisions are made of: its whole state. */
export interface ObservedJob {
  job: string;
  revision: number;
  requestedAt: Date;
  /** When this revision was asked for; null for the first. */
  editedAt: Date | null;
  /** The latest revision that is finished. */
  finishedRevision: number | null;
  clipsAt: Date | null;
  musicAt: Date | null;
  timelineAt: Date | null;
  doneAt: Date | null;
  cancelled: boolean;
  /** Every request for work, all attempts. */
  requests: WorkRequest[];
  /** Hashes of the segments that are marked as rendered, and when. */
  rendered: Map<string, Date>;
  /** The same of chunks that were made larger. */
  upscaled: Map<string, Date>;
  /** ETags of the clips that this job goes on without. */
  rejected: Set<string>;
  failures: number;
  retries: number;
  retriedAt: Date | null;
}

const OBJECTS = {
  edit: /^edit\.json$/,
  clips: /^clips\.json$/,
  music: /^music\.json$/,
  timeline: /^timeline\.otio$/,
  done: /^done\.json$/,
  cancelled: /^cancelled\.json$/,
  failed: /^failed-\d+\.json$/,
  retry: /^retry-\d+\.json$/,
  request: /^requests\/(?<stage>[a-z-]+)\/(?<item>.+)\.(?<attempt>\d+)(?:\.(?<pool>cloud))?\.json$/,
  marker: /^markers\/(?<stage>render|upscale)\/(?<item>[0-9a-f]{64})\.json$/,
  rejected: /^rejected\/(?<item>.+)\.json$/,
} as const;

/**
 * A job from the keys under `<job>/` in the jobs bucket and their times. Null while there is no request.json: such objects
 * are left over from a job that is being deleted.
 */
export function observeJob(job: string, objects: readonly { key: string; lastModified: Date }[]): ObservedJob | null {
  const requested = objects.find(({ key }) => key === `${job}/request.json`);
  if (!requested) return null;
  const inRevision = /^r(\d+)\/(.+)$/;
  const parts = objects.flatMap(({ key, lastModified }) => {
    const match = inRevision.exec(key.slice(job.length + 1));
    return match
      ? [
          {
            revision: Number(match[1]),
            name: match[2] as string,
            at: lastModified,
          },
        ]
      : [];
  });
  const revision = parts.reduce((latest, part) => Math.max(latest, part.revision), 1);
  const seen: ObservedJob = {
    job,
    revision,
    requestedAt: requested.lastModified,
    editedAt: null,
    finishedRevision: null,
    clipsAt: null,
    musicAt: null,
    timelineAt: null,
    doneAt: null,
    cancelled: false,
    requests: [],
    rendered: new Map(),
    upscaled: new Map(),
    rejected: new Set(),
    failures: 0,
    retries: 0,
    retriedAt: null,
  };
  for (const { revision: of, name, at } of parts) {
    if (OBJECTS.done.test(name)) seen.finishedRevision = Math.max(of, seen.finishedRevision ?? 0);
    if (of !== 1) continue;
    const rejected = OBJECTS.rejected.exec(name)?.groups?.item;
    if (rejected) seen.rejected.add(rejected);
    else if (OBJECTS.clips.test(name)) seen.clipsAt = at;
    else if (OBJECTS.music.test(name)) seen.musicAt = at;
  }
  for (const { name, at } of parts.filter((part) => part.revision === revision)) {
    const request = OBJECTS.request.exec(name)?.groups;
    const marker = OBJECTS.marker.exec(name)?.groups;
    if (request) {
      const stage = StageSchema.safeParse(request.stage);
      if (stage.success && request.item) {
        seen.requests.push({
          stage: stage.data,
          item: request.item,
          attempt: Number(request.attempt),
          ...(request.pool ? { pool: 'cloud' as const } : {}),
          at,
        });
      }
    } else if (marker?.item) (marker.stage === 'render' ? seen.rendered : seen.upscaled).set(marker.item, at);
    else if (OBJECTS.edit.test(name)) seen.editedAt = at;
    else if (OBJECTS.timeline.test(name)) seen.timelineAt = at;
    else if (OBJECTS.done.test(name)) seen.doneAt = at;
    else if (OBJECTS.cancelled.test(name)) seen.cancelled = true;
    else if (OBJECTS.failed.test(name)) seen.failures += 1;
    else if (OBJECTS.retry.test(name)) {
      seen.retries += 1;
      if (!seen.retriedAt || at > seen.retriedAt) seen.retriedAt = at;
    }
  }
  return seen;
}

/** Failed: a failure that no retry has answered. */
export function stateOf(job: ObservedJob): JobState {
  if (job.doneAt) return 'done';
  if (job.cancelled) return 'cancelled';
  if (job.failures > job.retries) return 'failed';
  const asked = (stage: Stage) => job.requests.some((request) => request.stage === stage);
  if (asked('assemble')) return 'assembling';
  if (asked('upscale') && !isRendering(job)) return 'upscaling';
  if (job.timelineAt) return 'rendering';
  if (asked('plan') || job.editedAt) return 'planning';
  return job.clipsAt ? 'analysing' : 'waiting';
}

/** Whether a segment is asked for that isn't there: chunks of others may be made larger meanwhile. */
const isRendering = ({ requests, rendered }: ObservedJob): boolean =>
  requests.some(({ stage, item }) => stage === 'render' && !rendered.has(item));

/** Whether there is still something to do for it. */
export function isOpen(job: ObservedJob): boolean {
  return !hasEnded({ state: stateOf(job) });
}
