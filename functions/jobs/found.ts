import {
  FOOTAGE_ANALYSER_VERSION,
  FootageResultSchema,
  MUSIC_ANALYSER_VERSION,
  MusicResultSchema,
} from '../../shared/analysis.ts';
import type { Clip, Song } from '../../shared/api/library.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { readJson } from '../../storage/read-json.ts';
import { remembering } from '../../storage/remembering.ts';
import type { Store } from '../../storage/store.ts';

/** Reads what was found in a content: it is asked for several times a second. */
function found<Found>(keyOf: (etag: string) => string, summary: (analysis: unknown) => Found) {
  const known = remembering(
    10_000,
    (etag: string) => etag,
    async (store, etag) => {
      const key = keyOf(etag);
      return (await store.stat('cache', key)) ? summary(await readJson(store, 'cache', key)) : null;
    },
  );
  return async (store: Store, etag: string): Promise<Found | { state: 'pending' }> =>
    (await known(store, etag)) ?? { state: 'pending' };
}

/** What was found in a clip of that content, in short. */
export const foundInClip = found<Clip['found']>(
  (etag) => cacheKeys.footageAnalysis(etag, FOOTAGE_ANALYSER_VERSION),
  (analysis) => {
    const result = FootageResultSchema.parse(analysis);
    if (result.kind === 'rejected') return { state: 'rejected', reason: result.reason };
    const { durationSeconds, width, height, frameRate, hasAudio, shots } = result;
    return { state: 'ready', durationSeconds, width, height, frameRate, hasAudio, shots: shots.length };
  },
);

/** What was heard in a song of that content, in short. */
export const foundInSong = found<Song['found']>(
  (etag) => cacheKeys.musicAnalysis(etag, MUSIC_ANALYSER_VERSION),
  (analysis) => {
    const result = MusicResultSchema.parse(analysis);
    if (result.kind === 'rejected') return { state: 'rejected', reason: result.reason };
    return {
      state: 'ready',
      durationSeconds: result.durationSeconds,
      tempo: result.tempo,
      sections: result.sections.length,
    };
  },
);
