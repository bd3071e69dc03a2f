import {
  FOOTAGE_ANALYSER_VERSION,
  FootageResultSchema,
  MUSIC_ANALYSER_VERSION,
  MusicResultSchema,
} from '../../shared/analysis.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { readJson } from '../../storage/read-json.ts';
import type { ObjectInfo, Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { redirectTo } from './signed.ts';

export const findAnalysis: Handler<'findAnalysis'> = async ({ store, parameters: { bucket, key } }) => {
  const { etag } = await objectNamed(store, bucket, key);
  const [analysis, schema] =
    bucket === 'input'
      ? [cacheKeys.footageAnalysis(etag, FOOTAGE_ANALYSER_VERSION), FootageResultSchema]
      : [cacheKeys.musicAnalysis(etag, MUSIC_ANALYSER_VERSION), MusicResultSchema];
  if (!(await store.stat('cache', analysis))) return { status: 202, body: { pending: true } };
  return { status: 200, body: schema.parse(await readJson(store, 'cache', analysis)) };
};

export const findMedia: Handler<'findMedia'> = async ({ store, parameters: { bucket, key } }) => {
  await objectNamed(store, bucket, key);
  return redirectTo(store, bucket, key);
};

async function objectNamed(store: Store, bucket: 'input' | 'music', key: string): Promise<ObjectInfo> {
  const object = await store.stat(bucket, key);
  if (!object) throw new Problem(404, `There is no ${key} in ${bucket}`);
  return object;
}
