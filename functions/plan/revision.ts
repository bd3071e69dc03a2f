import {
  FOOTAGE_ANALYSER_VERSION,
  FootageResultSchema,
  MUSIC_ANALYSER_VERSION,
  MusicResultSchema,
} from '../../shared/analysis.ts';
import type { Config } from '../../shared/config.ts';
import { applyChange } from '../../shared/edits/apply.ts';
import { fromOtio } from '../../shared/exports/otio.ts';
import { ClipListSchema, MusicChoiceSchema, RejectionSchema } from '../../shared/job.ts';
import { cacheKeys, materialKeys, revisionKeys } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { JobRequest } from '../../shared/request.ts';
import { parseStyle, resolveStyle } from '../../shared/styles/built-in.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { ownStyles } from '../../storage/own-styles.ts';
import { readJson } from '../../storage/read-json.ts';
import { editOf, orderOf, reordered } from '../../storage/revisions.ts';
import type { Store } from '../../storage/store.ts';
import type { PlanInputs } from './inputs.ts';
import { planTimeline } from './plan.ts';
import { masterUpscaling, NOT_ASKED } from './upscaling.ts';

/** The timeline of a revision: a first one, or what its changes make of the one that it starts from. */
export async function planRevision(store: Store, job: string, revision: number, config: Config): Promise<Timeline> {
  const edit = await editOf(store, job, revision);
  if (!edit) return planTimeline(await readInputs(store, job, await orderOf(store, job, 1), config));
  let order = await orderOf(store, job, edit.from);
  let timeline = fromOtio((await store.read('jobs', revisionKeys(job, edit.from).timeline)).toString('utf8'));
  for (const change of edit.changes) {
    order = reordered(order, change);
    timeline =
      change.kind === 'replan'
        ? planTimeline({ ...(await readInputs(store, job, order, config)), earlier: timeline })
        : applyChange(timeline, change);
  }
  return timeline;
}

async function readInputs(store: Store, job: string, request: JobRequest, config: Config): Promise<PlanInputs> {
  const json = (bucket: 'jobs' | 'cache', key: string) => readJson(store, bucket, key);
  const keys = materialKeys(job);
  const { clips } = ClipListSchema.parse(await json('jobs', keys.clips));
  const { notes, ...song } = MusicChoiceSchema.parse(await json('jobs', keys.music));
  const style = resolveStyle(request.style, await ownStyles(store, parseStyle), request.set);
  const heard = MusicResultSchema.parse(
    await json('cache', cacheKeys.musicAnalysis(song.etag, MUSIC_ANALYSER_VERSION)),
  );
  if (heard.kind === 'rejected') throw new Refusal(`${song.file} can't be used as the music: ${heard.reason}`);
  // To look for a GPU takes a moment that others needn't wait for.
  const isAsked = request.quality === 'master' && request.upscale === undefined;
  const inputs: PlanInputs = {
    request,
    style,
    clips: [],
    music: { ...song, analysis: heard },
    rejected: [],
    notes,
    upscaling: isAsked ? await masterUpscaling(config.MONTAGE_UPSCALING) : NOT_ASKED,
  };
  for (const ref of clips) {
    const withdrawn = await store.stat('jobs', keys.rejected(ref.etag));
    if (withdrawn) {
      inputs.rejected.push(RejectionSchema.parse(await json('jobs', keys.rejected(ref.etag))));
      continue;
    }
    const seen = FootageResultSchema.parse(
      await json('cache', cacheKeys.footageAnalysis(ref.etag, FOOTAGE_ANALYSER_VERSION)),
    );
    if (seen.kind === 'rejected') inputs.rejected.push({ file: ref.file, reason: seen.reason });
    else inputs.clips.push({ ref, analysis: seen });
  }
  return inputs;
}
