import { planRevision } from '../../../functions/plan/revision.ts';
import { FOOTAGE_ANALYSER_VERSION, MUSIC_ANALYSER_VERSION } from '../../../shared/analysis.ts';
import { readConfig } from '../../../shared/config.ts';
import { toOtio } from '../../../shared/exports/otio.ts';
import { cacheKeys, materialKeys, revisionKeys } from '../../../shared/keys.ts';
import type { Store } from '../../../storage/store.ts';
import { planInputs, variedClips, wholeSong } from '../plan/analyses.ts';

const { clips, music } = planInputs({ clips: variedClips(6), music: wholeSong(24) });

/** Has the clips and the song of a job that was asked for chosen and analysed, and its first revision planned. */
export async function planJob(store: Store, job: string): Promise<void> {
  const put = (bucket: 'jobs' | 'cache', key: string, body: unknown) =>
    store.putOnce(bucket, key, JSON.stringify(body));
  await put('jobs', materialKeys(job).clips, { clips: clips.map(({ ref }) => ref) });
  const { analysis, ...song } = music;
  await put('jobs', materialKeys(job).music, { ...song, notes: [] });
  await put('cache', cacheKeys.musicAnalysis(song.etag, MUSIC_ANALYSER_VERSION), analysis);
  for (const clip of clips)
    await put('cache', cacheKeys.footageAnalysis(clip.ref.etag, FOOTAGE_ANALYSER_VERSION), clip.analysis);
  await plan(store, job, 1);
}

/** What the function `plan` leaves of a revision. */
export const plan = async (store: Store, job: string, revision: number) =>
  store.putOnce(
    'jobs',
    revisionKeys(job, revision).timeline,
    toOtio(await planRevision(store, job, revision, readConfig({}))),
  );
