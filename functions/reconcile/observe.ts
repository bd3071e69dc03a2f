import {
  FOOTAGE_ANALYSER_VERSION,
  type FootageResult,
  FootageResultSchema,
  MUSIC_ANALYSER_VERSION,
  type MusicResult,
  MusicResultSchema,
} from '../../shared/analysis.ts';
import { ClipListSchema, MusicChoiceSchema, type ObservedJob } from '../../shared/job.ts';
import { cacheKeys, jobRequestKey, materialKeys, recognise } from '../../shared/keys.ts';
import { ownerOfName } from '../../shared/owner.ts';
import type { PlannedSegment } from '../../shared/planned-segments.ts';
import { JobRequestSchema } from '../../shared/request.ts';
import { plannedOf } from '../../storage/planned.ts';
import { readJson, readJsonOrNull } from '../../storage/read-json.ts';
import { replans } from '../../storage/revisions.ts';
import { songsFor } from '../../storage/songs.ts';
import type { ObjectInfo, Store } from '../../storage/store.ts';
import type { TrackFound } from './gather.ts';
import type { JobView, SegmentNow } from './missing.ts';

/** Reads what an open job rests on, and no more than its stage needs. */
export async function viewOf(store: Store, seen: ObservedJob): Promise<JobView> {
  const keys = materialKeys(seen.job);
  const request = JobRequestSchema.parse(await readJson(store, 'jobs', jobRequestKey(seen.job)));
  const view: JobView = {
    seen,
    request,
    setClips: [],
    tracks: [],
    clips: null,
    music: null,
    clipAnalyses: new Map(),
    musicAnalysed: false,
    plannable: false,
    segments: [],
  };
  if (seen.timelineAt) return { ...view, segments: await segmentsNow(store, seen) };
  if (seen.editedAt && !(await replans(store, seen))) return { ...view, plannable: true };
  if (seen.clipsAt) view.clips = ClipListSchema.parse(await readJson(store, 'jobs', keys.clips)).clips;
  else view.setClips = await clipsOfSet(store, request.footageSet, request.clips);
  if (seen.musicAt) view.music = MusicChoiceSchema.parse(await readJson(store, 'jobs', keys.music));
  else view.tracks = await tracksOf(store, request.footageSet);
  const etags = new Set((view.clips ?? view.setClips).map(({ etag }) => etag));
  view.clipAnalyses = new Map(
    await Promise.all([...etags].map(async (etag) => [etag, await footageResult(store, etag)] as const)),
  );
  if (view.music)
    view.musicAnalysed =
      (await store.stat('cache', cacheKeys.musicAnalysis(view.music.etag, MUSIC_ANALYSER_VERSION))) !== null;
  return view;
}

async function segmentsNow(store: Store, seen: ObservedJob): Promise<JobView['segments']> {
  const { segments } = await plannedOf(store, seen.job, seen.revision);
  // Of one small picture there may be two large ones, with other grain.
  const nameOf = ({ hash, chunks }: PlannedSegment) => [hash, ...chunks.map((chunk) => chunk.hash)].join();
  const unique = [...new Map(segments.map((segment) => [nameOf(segment), segment])).values()];
  const allMarked = unique.every(({ hash, chunks }) =>
    chunks.length > 0 ? chunks.every((chunk) => seen.upscaled.has(chunk.hash)) : seen.rendered.has(hash),
  );
  const isCached = async (hash: string) => (await store.stat('cache', cacheKeys.segment(hash))) !== null;
  const asked = new Set(seen.requests.flatMap(({ stage, item }) => (stage === 'upscale' ? [item] : [])));
  return Promise.all(
    unique.map(async (segment): Promise<SegmentNow> => {
      const chunks = await Promise.all(
        segment.chunks.map(async (chunk) => {
          // A marker vouches for a file until the moment of assembly.
          const vouched = seen.upscaled.has(chunk.hash) && !allMarked;
          return { ...chunk, cached: vouched || (await isCached(chunk.hash)) };
        }),
      );
      // But whoever makes a chunk reads its segment now.
      const isRead = chunks.some((chunk) => !chunk.cached && asked.has(chunk.hash));
      const vouched = seen.rendered.has(segment.hash) && !allMarked && !isRead;
      return { ...segment, chunks, cached: vouched || (await isCached(segment.hash)) };
    }),
  );
}

async function clipsOfSet(store: Store, footageSet: string, named: string[] | undefined): Promise<ObjectInfo[]> {
  if (named) {
    const owner = ownerOfName(footageSet);
    // Another's clip is none, whoever names it.
    const own = named.filter((key) => ownerOfName(key) === owner);
    return (await Promise.all(own.map((key) => store.stat('input', key)))).filter((found) => found !== null);
  }
  const objects = await Array.fromAsync(store.list('input', `${footageSet}/`));
  return objects.filter(({ key }) => recognise('input', key)?.kind.type === 'ai.montage.footage.created');
}

async function tracksOf(store: Store, footageSet: string): Promise<TrackFound[]> {
  const tracks = await Array.fromAsync(songsFor(store, ownerOfName(footageSet)));
  return Promise.all(
    tracks.map(async (track) => ({
      ...track,
      analysis: await musicResult(store, track.etag),
    })),
  );
}

async function footageResult(store: Store, etag: string): Promise<FootageResult | null> {
  const found = await readJsonOrNull(store, 'cache', cacheKeys.footageAnalysis(etag, FOOTAGE_ANALYSER_VERSION));
  return found === null ? null : FootageResultSchema.parse(found);
}

async function musicResult(store: Store, etag: string): Promise<MusicResult | null> {
  const found = await readJsonOrNull(store, 'cache', cacheKeys.musicAnalysis(etag, MUSIC_ANALYSER_VERSION));
  return found === null ? null : MusicResultSchema.parse(found);
}
