import type { FootageResult } from '../../shared/analysis.ts';
import {
  type AnalysisRequest,
  type Failure,
  type Lease,
  leaseItem,
  type MusicChoice,
  type ObservedJob,
  type Rejection,
  STAGE_WORDS,
  type WorkRequest,
} from '../../shared/job.ts';
import { type MarkedStage, type Pool, poolOfRequest, type Stage } from '../../shared/keys.ts';
import type { PlannedSegment } from '../../shared/planned-segments.ts';
import type { JobRequest } from '../../shared/request.ts';
import type { ClipRef } from '../../shared/timeline.ts';
import { chooseClips, chooseMusic, type Found, type TrackFound } from './gather.ts';

/** An open job and what it rests on, as far as its stage needs it. */
export interface JobView {
  seen: ObservedJob;
  request: JobRequest;
  /** The set's clips (or those that the request names), while the job has no list of its own. */
  setClips: Found[];
  tracks: TrackFound[];
  clips: ClipRef[] | null;
  music: MusicChoice | null;
  /** By ETag: what was found in the clips, or null. Only while there is no timeline. */
  clipAnalyses: ReadonlyMap<string, FootageResult | null>;
  musicAnalysed: boolean;
  /** A revision that needs no more than the timeline that it starts from. */
  plannable: boolean;
  /** The timeline's segments in order, and whether each, and each of its chunks, lies in the cache (asked only where that matters). */
  segments: SegmentNow[];
}

type Cached<File> = File & { cached: boolean };
export type SegmentNow = Cached<Omit<PlannedSegment, 'chunks'>> & {
  chunks: readonly Cached<PlannedSegment['chunks'][number]>[];
};

export interface Circumstances {
  now: Date;
  /** By `<stage>/<item>`. */
  leases: ReadonlyMap<string, Lease>;
  settleSeconds: number;
  lostAfterSeconds: number;
  attempts: number;
}

/**
 * One thing to do for a job. `ask` is a request for work. It has to wait for room in the stage's window if it is the first, or the first
 * of the own GPUs: `afterCloud` says that.
 */
export type Step =
  | { kind: 'clips'; clips: ClipRef[] }
  | { kind: 'music'; music: MusicChoice }
  | { kind: 'ask'; stage: Stage; item: string; attempt: number; body: unknown; afterCloud?: true }
  | { kind: 'mark'; stage: MarkedStage; hash: string }
  | { kind: 'reject'; etag: string; rejection: Rejection }
  | { kind: 'fail'; failure: Failure };

export interface Missing {
  steps: Step[];
  /** Pieces of work that are asked for and not finished, and whose GPU they were asked of last. */
  open: { stage: Stage; item: string; pool: Pool }[];
  /** What the job waits for that nobody here can make: a sentence. */
  waiting: string | null;
  /** When to look again although no object will tell: a set is whole once nothing new has come for a while. */
  until: Date | null;
}

/**
 * What an open job lacks to go on, from what exists. Level-triggered: it doesn't matter which event woke whom or how often,
 * the same objects give the same answer.
 */
export function missing(view: JobView, world: Circumstances): Missing {
  const { seen, request } = view;
  const steps: Step[] = [];
  const open: Missing['open'] = [];
  const asked = lastRequests(seen);
  const need = (stage: Stage, item: string, body: unknown, file?: string) => {
    const last = asked.get(`${stage}/${item}`);
    const step = askFor(seen, last, { stage, item, body, file }, world);
    if (step) steps.push(step);
    if (step?.kind !== 'fail' && step?.kind !== 'reject' && last) open.push({ stage, item, pool: last.pool ?? 'own' });
  };
  const done = (waiting: string | null = null, until: Date | null = null): Missing => ({ steps, open, waiting, until });
  const fault = (reason: string): Missing => {
    steps.push({ kind: 'fail', failure: { stage: 'reconcile', reason } });
    return done();
  };

  if (view.segments.length > 0) {
    let complete = true;
    // The longest first, so that no worker is left with a long one when the others have run out (LPT; Graham 1969).
    for (const { hash, spec, cached, chunks } of view.segments.toSorted((x, y) => y.spec.frames - x.spec.frames)) {
      // A small segment whose chunks are all there isn't needed any more.
      const isNeeded = chunks.length === 0 || chunks.some((chunk) => !chunk.cached);
      complete &&= !isNeeded || (chunks.length === 0 && cached && seen.rendered.has(hash));
      if (cached && !seen.rendered.has(hash)) steps.push({ kind: 'mark', stage: 'render', hash });
      else if (!cached && isNeeded) need('render', hash, spec);
      for (const chunk of chunks) {
        complete &&= seen.upscaled.has(chunk.hash);
        if (!chunk.cached) {
          if (cached) need('upscale', chunk.hash, chunk.spec);
        } else if (!seen.upscaled.has(chunk.hash)) steps.push({ kind: 'mark', stage: 'upscale', hash: chunk.hash });
      }
    }
    if (complete) need('assemble', 'montage', {});
    return done();
  }

  if (view.plannable) {
    need('plan', 'timeline', {});
    return done();
  }
  let { clips, music } = view;
  if (!clips) {
    const choice = chooseClips(request, view.setClips, world.now, world.settleSeconds);
    if ('fault' in choice) return fault(choice.fault);
    if ('waiting' in choice) return done(choice.waiting, choice.until);
    clips = choice.chosen;
    steps.push({ kind: 'clips', clips });
  }
  // The same content under two names is looked at once.
  for (const clip of new Map(clips.map((each) => [each.etag, each])).values()) {
    if (seen.rejected.has(clip.etag) || view.clipAnalyses.get(clip.etag)) continue;
    need(
      'analyze-footage',
      clip.etag,
      {
        bucket: 'input',
        key: clip.key,
        etag: clip.etag,
      } satisfies AnalysisRequest,
      clip.file,
    );
  }
  let heard = view.musicAnalysed;
  if (!music) {
    const analyses = clips
      .filter(({ etag }) => !seen.rejected.has(etag))
      .map(({ etag }) => view.clipAnalyses.get(etag) ?? null);
    const choice = chooseMusic(request, view.tracks, analyses, world.now, world.settleSeconds);
    if ('fault' in choice) return fault(choice.fault);
    if ('waiting' in choice) return done(choice.waiting, choice.until);
    if ('ask' in choice) {
      for (const track of choice.ask)
        need('analyze-music', track.etag, {
          bucket: 'music',
          key: track.key,
          etag: track.etag,
        } satisfies AnalysisRequest);
      return done();
    }
    // The choice by length needs to know how much the clips hold.
    const byLength =
      !request.music &&
      view.tracks.length > 1 &&
      steps.length + open.length > 0 &&
      choice.chosen.notes.some((note) => note.includes('nearest'));
    if (byLength && clips.some(({ etag }) => !view.clipAnalyses.get(etag) && !seen.rejected.has(etag))) return done();
    music = choice.chosen;
    steps.push({ kind: 'music', music });
    heard = view.tracks.some(({ etag, analysis }) => etag === music?.etag && analysis !== null);
  }
  if (!heard)
    need('analyze-music', music.etag, {
      bucket: 'music',
      key: music.key,
      etag: music.etag,
    } satisfies AnalysisRequest);
  if (steps.length === 0 && open.length === 0) need('plan', 'timeline', {});
  return done();
}

/** The last request for each piece of work, by `<stage>/<item>`. */
function lastRequests({ requests }: ObservedJob): Map<string, WorkRequest> {
  const last = new Map<string, WorkRequest>();
  for (const request of requests) {
    const name = `${request.stage}/${request.item}`;
    if ((last.get(name)?.attempt ?? 0) < request.attempt) last.set(name, request);
  }
  return last;
}

interface Needed {
  stage: Stage;
  item: string;
  body: unknown;
  /** What it is called where people read it. */
  file: string | undefined;
}

/** The next request for an unfinished piece of work, or null while the one that stands may still be carried out. */
function askFor(
  seen: ObservedJob,
  last: WorkRequest | undefined,
  { stage, item, body, file }: Needed,
  world: Circumstances,
): Step | null {
  if (!last) return { kind: 'ask', stage, item, attempt: 1, body };
  const retriedSince = seen.retriedAt !== null && seen.retriedAt > last.at;
  if (!retriedSince && !isLost(seen, last, world)) return null;
  const again = { kind: 'ask' as const, stage, item, attempt: last.attempt + 1, body };
  // However few attempts there are, the own GPUs get one.
  if (last.pool === 'cloud') return { ...again, afterCloud: true };
  if (last.attempt < world.attempts * (seen.retries + 1)) return again;
  if (stage === 'analyze-footage') {
    const reason = `Looking at it was begun ${last.attempt} times and never finished, so it was left out.`;
    return {
      kind: 'reject',
      etag: item,
      rejection: { file: file ?? item, reason },
    };
  }
  return {
    kind: 'fail',
    failure: {
      stage,
      item,
      reason: `${STAGE_WORDS[stage]} was begun ${last.attempt} times and never finished; retry the job when the machine has room`,
    },
  };
}

/** A stage that is busy for so many times the time after which work counts as lost has forgotten us. */
const PATIENCE = 10;
/** In which a cloud begins a node for a pool that is empty: `progress-deadline` of upscale-cloud.yaml. */
const NODE_BEGINS_SECONDS = 20 * 60;

/**
 * Whether a request came to nothing: whoever held it is gone (its lease ran out), or nobody ever took it though the stage is
 * not busy. A stage with a live lease anywhere in the same pool is busy: then waiting is only waiting, for a good while.
 */
function isLost(seen: ObservedJob, { stage, item, at, pool = 'own' }: WorkRequest, world: Circumstances): boolean {
  const expiry = (lease: Lease) => new Date(lease.expiresAt);
  const own = world.leases.get(`${stage}/${leaseItem(stage, item, seen.job, seen.revision)}`);
  if (own && expiry(own) > at) return expiry(own) <= world.now;
  const busy = [...world.leases].some(
    ([name, lease]) =>
      name.startsWith(`${stage}/`) && poolOfRequest(lease.reason ?? '') === pool && expiry(lease) > world.now,
  );
  const waitedSeconds = (world.now.getTime() - at.getTime()) / 1000;
  const begins = pool === 'cloud' ? NODE_BEGINS_SECONDS : 0;
  return waitedSeconds > begins + world.lostAfterSeconds * (busy ? PATIENCE : 1);
}
