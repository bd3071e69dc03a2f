import { MUSIC_ANALYSER_VERSION } from '../../shared/analysis.ts';
import {
  ClipListSchema,
  type Failure,
  FailureSchema,
  isOpen,
  MusicChoiceSchema,
  type ObservedJob,
  type Rejection,
  RejectionSchema,
  stateOf,
} from '../../shared/job.ts';
import { cacheKeys, materialKeys, outputKeys, revisionKeys } from '../../shared/keys.ts';
import type { JobStatus } from '../../shared/status.ts';
import { plannedOf } from '../../storage/planned.ts';
import { readJson } from '../../storage/read-json.ts';
import { orderOf } from '../../storage/revisions.ts';
import type { Store } from '../../storage/store.ts';
import { foundInClip } from './found.ts';
import { waitingFor } from './waiting-for.ts';

export async function statusOf(store: Store, seen: ObservedJob): Promise<JobStatus> {
  const keys = revisionKeys(seen.job, seen.revision);
  const material = materialKeys(seen.job);
  const request = await orderOf(store, seen.job, seen.revision);
  const state = stateOf(seen);
  return {
    id: seen.job,
    revision: seen.revision,
    state,
    footageSet: request.footageSet,
    style: request.style,
    createdAt: seen.requestedAt.toISOString(),
    finishedAt: seen.doneAt?.toISOString() ?? null,
    waitingFor: isOpen(seen) ? await waitingFor(store, seen, request) : null,
    clips: seen.clipsAt ? await clipsOf(store, material.clips, material.rejected, seen) : null,
    music: seen.musicAt ? await musicOf(store, material.music) : null,
    ...(seen.timelineAt ? await piecesDone(store, seen) : { segments: null, upscaling: null }),
    failure: state === 'failed' ? await failureOf(store, keys.failed(seen.failures)) : null,
    finishedRevision: seen.finishedRevision,
    outputs: seen.finishedRevision ? await outputsOf(store, seen.job, seen.finishedRevision) : [],
  };
}

async function clipsOf(store: Store, listKey: string, rejectedKey: (etag: string) => string, seen: ObservedJob) {
  const { clips } = ClipListSchema.parse(await readJson(store, 'jobs', listKey));
  const rejected: Rejection[] = [];
  let analysed = 0;
  for (const { file, etag } of clips) {
    if (seen.rejected.has(etag)) {
      rejected.push(RejectionSchema.parse(await readJson(store, 'jobs', rejectedKey(etag))));
      analysed += 1;
      continue;
    }
    const found = await foundInClip(store, etag);
    if (found.state === 'pending') continue;
    analysed += 1;
    if (found.state === 'rejected') rejected.push({ file, reason: found.reason });
  }
  return { total: clips.length, analysed, rejected };
}

async function musicOf(store: Store, key: string) {
  const { file, etag } = MusicChoiceSchema.parse(await readJson(store, 'jobs', key));
  return {
    file,
    analysed: (await store.stat('cache', cacheKeys.musicAnalysis(etag, MUSIC_ANALYSER_VERSION))) !== null,
  };
}

async function piecesDone(store: Store, seen: ObservedJob): Promise<Pick<JobStatus, 'segments' | 'upscaling'>> {
  const { frames, segments } = await plannedOf(store, seen.job, seen.revision);
  const chunks = segments.flatMap((segment) => segment.chunks);
  const isUpscaled = ({ hash }: { hash: string }) => seen.upscaled.has(hash);
  // A small segment whose chunks are there from before isn't rendered for them again.
  const rendered = segments.filter(
    (segment) => seen.rendered.has(segment.hash) || (segment.chunks.length > 0 && segment.chunks.every(isUpscaled)),
  );
  const upscaled = chunks.filter(isUpscaled);
  const upscaling = { total: chunks.length, upscaled: upscaled.length };
  return {
    segments: { total: segments.length, rendered: rendered.length, frames, renderedFrames: framesIn(rendered) },
    upscaling:
      chunks.length > 0 ? { ...upscaling, frames: framesIn(chunks), upscaledFrames: framesIn(upscaled) } : null,
  };
}

const framesIn = (files: readonly { spec: { frames: number } }[]): number =>
  files.reduce((sum, { spec }) => sum + spec.frames, 0);

async function failureOf(store: Store, key: string): Promise<Failure> {
  return FailureSchema.parse(await readJson(store, 'jobs', key));
}

async function outputsOf(store: Store, job: string, revision: number): Promise<string[]> {
  const { root } = outputKeys(job, revision);
  return (await Array.fromAsync(store.list('output', root))).map(({ key }) => key.slice(root.length));
}
