/** Woken when a job's clips and song are analysed: makes the timeline. */
import {
  FOOTAGE_ANALYSER_VERSION,
  FootageResultSchema,
  MUSIC_ANALYSER_VERSION,
  MusicResultSchema,
} from '../../shared/analysis.ts';
import type { ObjectRef } from '../../shared/events.ts';
import { toOtio } from '../../shared/exports/otio.ts';
import { ClipListSchema, MusicChoiceSchema, RejectionSchema } from '../../shared/job.ts';
import { cacheKeys, jobRequestKey, revisionKeys } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import { JobRequestSchema } from '../../shared/request.ts';
import { parseStyle, resolveStyle } from '../../shared/styles/built-in.ts';
import { ownStyles } from '../../storage/own-styles.ts';
import { readJson } from '../../storage/read-json.ts';
import type { Store } from '../../storage/store.ts';
import { takeWork } from '../../storage/work.ts';
import { wokenBy } from '../woken.ts';
import type { PlanInputs } from './inputs.ts';
import { planTimeline } from './plan.ts';

wokenBy(
  'plan',
  async (object, { store }) => {
    await takeWork(store, object as ObjectRef, 'plan', async ({ job, revision }) => {
      const timeline = planTimeline(await readInputs(store, job, revision));
      await store.putOnce('jobs', revisionKeys(job, revision).timeline, toOtio(timeline));
    });
  },
  { ahead: true },
);

async function readInputs(store: Store, job: string, revision: number): Promise<PlanInputs> {
  const json = (bucket: 'jobs' | 'cache', key: string) => readJson(store, bucket, key);
  const keys = revisionKeys(job, revision);
  const request = JobRequestSchema.parse(await json('jobs', jobRequestKey(job)));
  const { clips } = ClipListSchema.parse(await json('jobs', keys.clips));
  const { notes, ...song } = MusicChoiceSchema.parse(await json('jobs', keys.music));
  const style = resolveStyle(request.style, await ownStyles(store, parseStyle), request.set);
  const heard = MusicResultSchema.parse(
    await json('cache', cacheKeys.musicAnalysis(song.etag, MUSIC_ANALYSER_VERSION)),
  );
  if (heard.kind === 'rejected') throw new Refusal(`${song.file} can't be used as the music: ${heard.reason}`);
  const inputs: PlanInputs = {
    request,
    style,
    clips: [],
    music: { ...song, analysis: heard },
    rejected: [],
    notes,
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
