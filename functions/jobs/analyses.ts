import { FOOTAGE_ANALYSER_VERSION, MUSIC_ANALYSER_VERSION } from '../../shared/analysis.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { readJson } from '../../storage/read-json.ts';
import { Problem } from '../problem.ts';
import type { Call, Reply } from './call.ts';

/** The analysis of an object of the input or music bucket, or 202 while there is none. */
export async function findAnalysis({ store, parameters }: Call): Promise<Reply> {
  const { bucket, key = '' } = parameters;
  if (bucket !== 'input' && bucket !== 'music')
    throw new Problem(404, `Only what is in input and music is analysed, not ${bucket}`);
  const object = await store.stat(bucket, key);
  if (!object) throw new Problem(404, `There is no ${key} in ${bucket}`);
  const found =
    bucket === 'input'
      ? cacheKeys.footageAnalysis(object.etag, FOOTAGE_ANALYSER_VERSION)
      : cacheKeys.musicAnalysis(object.etag, MUSIC_ANALYSER_VERSION);
  if (!(await store.stat('cache', found))) return { status: 202, body: { pending: true } };
  return { status: 200, body: await readJson(store, 'cache', found) };
}
