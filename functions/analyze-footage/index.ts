/** Woken by a new clip, or by a job that misses what is found in one: looks at it once and remembers that by its content. */
import { FOOTAGE_ANALYSER_VERSION } from '../../shared/analysis.ts';
import type { ObjectRef } from '../../shared/events.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { analyseObject } from '../../storage/analyse-object.ts';
import { wokenBy } from '../woken.ts';
import { analyseFootage } from './footage.ts';

wokenBy('analyze-footage', async (object, { store }) => {
  await analyseObject(store, object as ObjectRef, {
    stage: 'analyze-footage',
    resultKey: (etag) => cacheKeys.footageAnalysis(etag, FOOTAGE_ANALYSER_VERSION),
    analyse: analyseFootage,
  });
});
