/** Woken by a new song, or by a job that misses what is found in one: listens to it once and remembers that by its content. */
import { MUSIC_ANALYSER_VERSION } from '../../shared/analysis.ts';
import type { ObjectRef } from '../../shared/events.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { analyseObject } from '../../storage/analyse-object.ts';
import { wokenBy } from '../woken.ts';
import { analyseMusic } from './music.ts';

wokenBy('analyze-music', async (object, { store }) => {
  await analyseObject(store, object as ObjectRef, {
    stage: 'analyze-music',
    resultKey: (etag) => cacheKeys.musicAnalysis(etag, MUSIC_ANALYSER_VERSION),
    analyse: analyseMusic,
  });
});
