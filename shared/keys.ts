import { z } from 'zod';
import { ownName } from './owner.ts';

export const BUCKETS = ['input', 'music', 'jobs', 'cache', 'output'] as const;
export const BucketSchema = z.enum(BUCKETS);
export type Bucket = z.infer<typeof BucketSchema>;

/** The stages of a job that are asked for by a request object, in their order. Each is the name of its function too. */
export const STAGES = ['analyze-footage', 'analyze-music', 'plan', 'render', 'upscale', 'assemble'] as const;
export const StageSchema = z.enum(STAGES);
export type Stage = z.infer<typeof StageSchema>;
/** Whose GPU makes a chunk larger: a cluster's own, or one of a cloud, which is paid for by the minute. */
export type Pool = 'own' | 'cloud';
/** The stages whose results lie in the cache by their hash. */
export type MarkedStage = 'render' | 'upscale';
/** What somebody can be at: a stage of a job, or the preview of a style. */
export type Leased = Stage | 'preview';

export const VIDEO_EXTENSIONS = [
  'mp4',
  'mov',
  'm4v',
  'mkv',
  'webm',
  'avi',
  'mts',
  'm2ts',
  'ts',
  'mpg',
  'mpeg',
  'wmv',
  'flv',
  '3gp',
  'ogv',
  'mxf',
] as const;
export const MUSIC_EXTENSIONS = [
  'mp3',
  'm4a',
  'aac',
  'wav',
  'flac',
  'ogg',
  'oga',
  'opus',
  'aif',
  'aiff',
  'wma',
] as const;

const JOB = '(?<job>[a-z0-9][a-z0-9-]{0,80})';
const REVISION = 'r(?<revision>[1-9]\\d{0,4})';
const ETAG = '[0-9a-f]{32}(?:-\\d+)?';
const HOOK = '(?<hook>hook-[0-9a-f]{12})';
/** What hooks are made of, in `jobs`. No job is named so. */
export const HOOKS = '_hooks/';
/** What is noted of styles' previews, in `jobs`. No job is named so. */
export const PREVIEWS = '_previews/';
export const PREVIEW_REQUESTS = `${PREVIEWS}requests/`;
const PREVIEW = '(?<preview>[0-9a-f]{64})';

interface ObjectKind {
  readonly bucket: Bucket;
  /** The whole key must match; named groups become the fields of the event's extensions. */
  readonly pattern: RegExp;
  /** CloudEvent type of such an object's creation. */
  readonly type: string;
  /** What such an object is, for the docs. */
  readonly means: string;
}

const kind = (bucket: Bucket, pattern: string, type: string, means: string): ObjectKind => ({
  bucket,
  pattern: new RegExp(`^${pattern}$`, 'is'),
  type: `ai.montage.${type}`,
  means,
});

/**
 * The one table of which new object is which event. `ingest`, the Trigger manifests' test and the docs read it.
 * A key that matches no row (a style, a LUT, a segment, a picture beside the clips) wakes nobody.
 */
export const OBJECT_KINDS = [
  kind(
    'input',
    `(?!styles/|luts/)(?<set>[^/]+)/(?:.+/)?[^/]+\\.(?:${VIDEO_EXTENSIONS.join('|')})`,
    'footage.created',
    'a clip of a set',
  ),
  kind(
    'input',
    '(?!styles/|luts/)(?<set>[^/]+)/(?:[^/]*\\.)?montage\\.ya?ml',
    'order.dropped',
    'a request dropped beside clips; an empty file asks for all defaults',
  ),
  kind('music', '(?!\\.).+', 'music.created', 'a song'),
  kind(
    'cache',
    `analysis/${ETAG}-(?:footage|music)-\\d+\\.json`,
    'analysis.completed',
    'what was found in a clip or a song',
  ),
  kind('jobs', `${JOB}/request\\.json`, 'job.requested', 'a job, once and for all'),
  kind(
    'jobs',
    `${JOB}/${REVISION}/requests/analyze-footage/(?<item>[^/]+)\\.(?<attempt>\\d+)\\.json`,
    'footage-analysis.requested',
    'work asked of analyze-footage',
  ),
  kind(
    'jobs',
    `${JOB}/${REVISION}/requests/analyze-music/(?<item>[^/]+)\\.(?<attempt>\\d+)\\.json`,
    'music-analysis.requested',
    'work asked of analyze-music',
  ),
  kind(
    'jobs',
    `${JOB}/${REVISION}/requests/plan/(?<item>timeline)\\.(?<attempt>\\d+)\\.json`,
    'plan.requested',
    'work asked of plan',
  ),
  kind(
    'jobs',
    `${JOB}/${REVISION}/requests/render/(?<item>[0-9a-f]{64})\\.(?<attempt>\\d+)\\.json`,
    'render.requested',
    'work asked of render: one segment',
  ),
  kind(
    'jobs',
    `${JOB}/${REVISION}/requests/upscale/(?<item>[0-9a-f]{64})\\.(?<attempt>\\d+)(?:\\.(?<pool>cloud))?\\.json`,
    'upscale.requested',
    'work asked of upscale, or of the one in the cloud: one chunk of a small segment',
  ),
  kind(
    'jobs',
    `${JOB}/${REVISION}/requests/assemble/(?<item>montage)\\.(?<attempt>\\d+)\\.json`,
    'assembly.requested',
    'work asked of assemble',
  ),
  kind(
    'jobs',
    `${JOB}/${REVISION}/edit\\.json`,
    'revision.requested',
    'a change of the edit: the next revision of a job',
  ),
  kind('jobs', `${JOB}/${REVISION}/timeline\\.otio`, 'timeline.planned', 'the edit'),
  kind(
    'jobs',
    `${JOB}/${REVISION}/markers/render/(?<item>[0-9a-f]{64})\\.json`,
    'segment.rendered',
    'a segment of this job lies in the cache',
  ),
  kind(
    'jobs',
    `${JOB}/${REVISION}/markers/upscale/(?<item>[0-9a-f]{64})\\.json`,
    'chunk.upscaled',
    'a chunk of a segment of this job lies in the cache, made larger',
  ),
  kind('jobs', `${JOB}/${REVISION}/done\\.json`, 'job.completed', 'the montage lies in the output bucket'),
  kind('jobs', `${JOB}/${REVISION}/failed-(?<failure>\\d+)\\.json`, 'job.failed', 'why the job stopped'),
  kind(
    'jobs',
    `${JOB}/${REVISION}/retry-(?<failure>\\d+)\\.json`,
    'job.retried',
    'failure of the same number is to be tried again',
  ),
  kind('jobs', `${JOB}/${REVISION}/cancelled\\.json`, 'job.cancelled', 'nobody wants this any more'),
  kind('jobs', `${HOOKS}tests/${HOOK}/[^/]+\\.json`, 'hook.tested', 'somebody wants to see whether a hook works'),
  kind('jobs', `${HOOKS}reminders/[0-9a-f]{32}\\.json`, 'hook.reminded', 'hooks that have not been told of a job'),
  kind(
    'jobs',
    `${PREVIEWS}wanted/${PREVIEW}\\.json`,
    'preview.wanted',
    'somebody looks at a style that has no preview',
  ),
  kind(
    'jobs',
    `${PREVIEW_REQUESTS}${PREVIEW}\\.(?<attempt>\\d+)\\.json`,
    'preview.requested',
    'work asked of preview: one style',
  ),
  kind(
    'jobs',
    `${PREVIEWS}(?:made|failed)/${PREVIEW}\\.json`,
    'preview.ended',
    'what became of the preview of a style',
  ),
] as const;

/** Whether an object lies in a folder that `montage analyze` makes for one look: it is nobody's footage, and goes afterwards. */
export const isForOneLook = (key: string): boolean => /^analyze-[0-9a-f]{8}\//.test(ownName(key));

interface Recognised {
  kind: ObjectKind;
  /** Named parts of the key: set, job, revision, item, attempt, pool, failure, hook, preview; only those that the key has. */
  fields: Partial<
    Record<'set' | 'job' | 'revision' | 'item' | 'attempt' | 'pool' | 'failure' | 'hook' | 'preview', string>
  >;
}

/** Which row of the table a key is, or null when a new object of that name wakes nobody. */
export function recognise(bucket: Bucket, key: string): Recognised | null {
  for (const kind of OBJECT_KINDS) {
    if (kind.bucket !== bucket) continue;
    const match = kind.pattern.exec(key);
    if (match) return { kind, fields: { ...match.groups } };
  }
  return null;
}

/** Whose GPU the request of that key asks; the own ones' where it is none. */
export const poolOfRequest = (key: string): Pool => (recognise('jobs', key)?.fields.pool === 'cloud' ? 'cloud' : 'own');

/** Keys in `jobs` of one revision of one job. */
export const revisionKeys = (job: string, revision: number) => {
  const root = `${job}/r${revision}`;
  return {
    root: `${root}/`,
    edit: `${root}/edit.json`,
    request: (stage: Stage, item: string, attempt: number, pool: Pool = 'own') =>
      `${root}/requests/${stage}/${item}.${attempt}${pool === 'cloud' ? '.cloud' : ''}.json`,
    timeline: `${root}/timeline.otio`,
    /** Says that a file of the cache is there. */
    marker: (stage: MarkedStage, hash: string) => `${root}/markers/${stage}/${hash}.json`,
    failed: (number: number) => `${root}/failed-${number}.json`,
    retry: (number: number) => `${root}/retry-${number}.json`,
    cancelled: `${root}/cancelled.json`,
    done: `${root}/done.json`,
  };
};

/** Keys in `jobs` of what all revisions of a job are made of: settled before the first one is planned, and for good. */
export const materialKeys = (job: string) => ({
  clips: `${job}/r1/clips.json`,
  music: `${job}/r1/music.json`,
  rejected: (etag: string) => `${job}/r1/rejected/${etag}.json`,
});

/** Note in `jobs` that a job has something left to do, so that nobody needs to look through all that were ever made. No job is named so. */
export const OPEN_JOBS = '_open/';
export const openJobKey = (job: string) => `${OPEN_JOBS}${job}`;

/** What a cloud's GPUs have worked, in `jobs`: one object for each time that one was at a chunk. No job is named so. */
export const CLOUD_WORK = '_cloud/';
/** Where that of a time's month is, in UTC. */
export const cloudWorkOf = (at: Date) => `${CLOUD_WORK}${at.toISOString().slice(0, 7)}/`;
/** How long, in milliseconds, is in the key, so that to list them is to know them. */
export const cloudWorkKey = (at: Date, item: string, milliseconds: number) =>
  `${cloudWorkOf(at)}${item}.${at.getTime()}.${milliseconds}.json`;

/** In `jobs`: the limits that the store was given for its buckets. No job is named so. */
export const QUOTAS_KEY = '_store/quotas.json';

/** Rules for sets, in `jobs`. No job is named so. */
export const RULES = '_rules/';
export const ruleKey = (set: string) => `${RULES}${set}.json`;

/** Keys in `jobs` of whoever wants to be told of jobs, and of what they were told. */
export const hookKeys = {
  /** Where all of them are. */
  all: `${HOOKS}subscribed/`,
  hook: (id: string) => `${HOOKS}subscribed/${id}.json`,
  /** Where those of all hooks are. */
  allDeliveries: `${HOOKS}deliveries/`,
  deliveries: (id: string) => `${HOOKS}deliveries/${id}/`,
  delivery: (id: string, event: string) => `${HOOKS}deliveries/${id}/${event}.json`,
  tests: (id: string) => `${HOOKS}tests/${id}/`,
  test: (id: string, name: string) => `${HOOKS}tests/${id}/${name}.json`,
  /** By the id of the event that they are to be told of. */
  reminder: (event: string) => `${HOOKS}reminders/${event}.json`,
};

/** Keys in `jobs` of what is noted of one preview. */
export const previewKeys = (preview: string) => ({
  wanted: `${PREVIEWS}wanted/${preview}.json`,
  request: (attempt: number) => `${PREVIEW_REQUESTS}${preview}.${attempt}.json`,
  made: `${PREVIEWS}made/${preview}.json`,
  failed: `${PREVIEWS}failed/${preview}.json`,
});

/** What share links are made of, in `jobs`, and what they lead to, in `output`. No job is named so. */
export const SHARES = '_shares/';

/** Keys in `jobs` of share links. */
export const shareKeys = {
  /** Where all of them are. */
  all: `${SHARES}made/`,
  ofJob: (job: string) => `${SHARES}made/${job}/`,
  share: (job: string, id: string) => `${SHARES}made/${job}/${id}.json`,
  /** By the SHA-256 of the token. */
  link: (hash: string) => `${SHARES}links/${hash}.json`,
};

/** Key in `output` of a file that a share link leads to. It says nothing of the job: whoever has the link is sent to it. */
export const sharedFileKey = (id: string, file: string) => `${SHARES}${id}/${file}`;

export const jobRequestKey = (job: string) => `${job}/request.json`;
/** Stays of a job that was deleted, so that the order that asked for it doesn't ask again. */
export const jobDeletedKey = (job: string) => `${job}/deleted.json`;

/** Notes of uploads in parts that are under way, in `cache`. */
export const UPLOADS = 'uploads/';

/** Where it is said who is at work, in `cache`. */
export const LEASES = 'leases/';
/** Rendered pieces, and chunks of them that were made larger, in `cache`. */
export const SEGMENTS = 'segments/';
/** Finished previews, in `cache`. */
export const MADE_PREVIEWS = 'previews/';

/** Keys in `cache`. */
export const cacheKeys = {
  footageAnalysis: (etag: string, version: number) => `analysis/${etag}-footage-${version}.json`,
  musicAnalysis: (etag: string, version: number) => `analysis/${etag}-music-${version}.json`,
  segment: (hash: string) => `${SEGMENTS}${hash}.mp4`,
  lease: (stage: Leased, item: string) => `${LEASES}${stage}/${item}.json`,
  upload: (id: string) => `${UPLOADS}${id}.json`,
  preview: (preview: string) => `${MADE_PREVIEWS}${preview}.mp4`,
  previewStill: (preview: string) => `${MADE_PREVIEWS}${preview}.jpg`,
  /** How work is best shared out on a kind of GPU, by all that it follows from. */
  tuning: (key: string) => `tuning/${key}.json`,
  /** The demo's clips and song, by the version of previews, which are made of them. */
  demo: (version: number, file: string) => `demo/${version}/${file}`,
};

/** Keys in `output` of one revision of one job. */
export const outputKeys = (job: string, revision: number) => ({
  root: `${job}/r${revision}/`,
  montage: `${job}/r${revision}/montage.mp4`,
  timeline: `${job}/r${revision}/montage.otio`,
  report: `${job}/r${revision}/report.json`,
  poster: `${job}/r${revision}/poster.jpg`,
});
