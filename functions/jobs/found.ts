import {
  FOOTAGE_ANALYSER_VERSION,
  FootageResultSchema,
  MUSIC_ANALYSER_VERSION,
  MusicResultSchema,
} from '../../shared/analysis.ts';
import type { Clip, Song } from '../../shared/api/library.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { readJson } from '../../storage/read-json.ts';
import type { Store } from '../../storage/store.ts';

const REMEMBERED = 10_000;

/** Reads what was found in a content, once: it never changes, and is asked for several times a second. */
function remembering<Found>(keyOf: (etag: string) => string, summary: (analysis: unknown) => Found) {
  const known = new Map<string, Found>();
  return async (store: Store, etag: string): Promise<Found | { state: 'pending' }> => {
    const key = keyOf(etag);
    const remembered = known.get(key);
    if (remembered) return remembered;
    if (!(await store.stat('cache', key))) return { state: 'pending' };
    const found = summary(await readJson(store, 'cache', key));
    if (known.size >= REMEMBERED) known.clear();
    known.set(key, found);
    return found;
  };
}

/** What was found in a clip of that content, in short. */
export const foundInClip = remembering<Clip['found']>(
  (etag) => cacheKeys.footageAnalysis(etag, FOOTAGE_ANALYSER_VERSION),
  (analysis) => {
    const result = FootageResultSchema.parse(analysis);
    if (result.kind === 'rejected') return { state: 'rejected', reason: result.reason };
    const { durationSeconds, width, height, frameRate, hasAudio, shots } = result;
    return { state: 'ready', durationSeconds, width, height, frameRate, hasAudio, shots: shots.length };
  },
);

/** What was heard in a song of that content, in short. */
export const foundInSong = remembering<Song['found']>(
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
