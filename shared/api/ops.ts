import { z } from 'zod';
import { JOB_STATES } from '../job.ts';
import { BUCKETS, STAGES, StageSchema } from '../keys.ts';

const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative();

/** The work of a stage that was asked for and isn't done. */
const StageWorkSchema = z.object({
  stage: z.enum(STAGES),
  /** Pieces of work that open jobs have asked for and nobody is at. */
  waiting: count,
  /** How long the one that was asked for first has waited: the stage's queue age. Null where none waits. */
  oldestWaitingSeconds: seconds.nullable(),
  /** Who is at it now, by their leases; also for clips that no job has asked about yet. */
  atWork: z.array(
    z.object({
      item: z.string(),
      holder: z.string(),
      /** Key of what asked for it; null where the lease doesn't say. */
      reason: z.string().nullable(),
    }),
  ),
});
export type StageWork = z.infer<typeof StageWorkSchema>;

/** What a bucket holds, as it was counted last. */
const BucketUseSchema = z.object({
  bucket: z.enum(BUCKETS),
  /** All three null until it has been counted once. */
  objects: count.nullable(),
  bytes: count.nullable(),
  countedAt: z.iso.datetime().nullable(),
  /** Above this the store refuses to take more; null where nobody set a limit. */
  quotaBytes: count.nullable(),
});
export type BucketUse = z.infer<typeof BucketUseSchema>;

/** A failure of a job. */
const RecentFailureSchema = z.object({
  job: z.string(),
  revision: z.number().int().positive(),
  /** Null where the job's order can't be read. */
  footageSet: z.string().nullable(),
  title: z.string().nullable(),
  stage: z.union([StageSchema, z.literal('reconcile')]),
  reason: z.string(),
  at: z.iso.datetime(),
  /** Whether it was written down when the broker's last try had failed, rather than said by a function. */
  deadLetter: z.boolean(),
  /** `open`: the job stands failed by it and can be retried. `past`: it was cancelled or changed since. */
  answer: z.enum(['open', 'retried', 'past']),
});
export type RecentFailure = z.infer<typeof RecentFailureSchema>;

/** A call of a hook that was given up. */
const LostCallSchema = z.object({
  hook: z.string(),
  /** Null for a hook that has ended. */
  url: z.string().nullable(),
  /** Null for a test. */
  job: z.string().nullable(),
  at: z.iso.datetime(),
  tries: count,
  reason: z.string().nullable(),
});
export type LostCall = z.infer<typeof LostCallSchema>;

/** `GET /v1/ops`: how the whole stands, from the objects of the store. */
export const OpsSchema = z.object({
  jobs: z.record(z.enum(JOB_STATES), count),
  /** In the order of the stages. */
  work: z.array(StageWorkSchema),
  store: z.object({
    buckets: z.array(BucketUseSchema),
    /** Of the disk that the folder lies on; null for a store that isn't a folder. */
    freeBytes: count.nullable(),
  }),
  /** The newest first. */
  failures: z.array(RecentFailureSchema),
  /** The newest first. */
  lostCalls: z.array(LostCallSchema),
});
export type Ops = z.infer<typeof OpsSchema>;

/** `GET /v1/ops/functions`: what the local runtime knows of the functions' processes. */
export const FunctionsNowSchema = z.object({
  functions: z.array(
    z.object({
      name: z.string(),
      /** Processes that are there, those that are just starting too. */
      replicas: count,
      /** Requests that are worked on, and those that wait for a process. */
      atWork: count,
      waiting: count,
      oldestWaitingSeconds: seconds.nullable(),
      /** Processes started since the runtime was. */
      coldStarts: count,
      /** How long the last of them took to be ready; null before the first was. */
      lastColdStartSeconds: seconds.nullable(),
    }),
  ),
});
export type FunctionsNow = z.infer<typeof FunctionsNowSchema>;

/** Body of `POST /v1/ops/clean`. */
export const CleanSchema = z.strictObject({
  /** `segments`: rendered pieces in the cache. `jobs`: jobs that have ended, with all that they made. */
  what: z.enum(['segments', 'jobs']),
  /** Only what nothing has happened to for so long; 0: all of it. What an open job needs stays in any case. */
  olderThanDays: z.number().min(0).max(36_500),
  /** Only says what would go, all of it. */
  dryRun: z.boolean().default(true),
});

export const CleanedSchema = z.object({
  /** What has gone, or would. */
  jobs: count,
  objects: count,
  bytes: count,
  /** Whether there is more of it: a call deletes so much at most, and is made again. Never after a dry run. */
  more: z.boolean(),
});
export type Cleaned = z.infer<typeof CleanedSchema>;
