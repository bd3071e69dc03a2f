import { join } from 'node:path';
import {
  FOOTAGE_ANALYSER_VERSION,
  FootageAnalysisSchema,
  MUSIC_ANALYSER_VERSION,
  MusicAnalysisSchema,
} from '../../shared/analysis.ts';
import { DEMO_CLIPS, makeDemoFootage } from '../../shared/demo/footage.ts';
import { makeDemoSong } from '../../shared/demo/song.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { PREVIEW_VERSION } from '../../shared/preview.ts';
import { readJson } from '../../storage/read-json.ts';
import { openSource } from '../../storage/source.ts';
import { NoSuchObject, type Store } from '../../storage/store.ts';
import { analyseFootage } from '../analyze-footage/footage.ts';
import { analyseMusic } from '../analyze-music/music.ts';
import type { PlanInputs } from '../plan/inputs.ts';

/** What all previews are made of: the demo's clips, which lie in the cache, and its song. */
export type Material = Pick<PlanInputs, 'clips' | 'music'>;

const SONG = 'first-light.wav';
const clipKey = (name: string) => cacheKeys.demoClip(PREVIEW_VERSION, name);

/**
 * The demo's clips and song with what is found in them. What isn't in the cache yet is made and put there piece by piece, so that
 * whoever is stopped and begins again goes on from there.
 */
export async function findMaterial(store: Store, scratch: string, signal: AbortSignal): Promise<Material> {
  const there = await Promise.all(DEMO_CLIPS.map(({ name }) => store.stat('cache', clipKey(name))));
  await makeDemoFootage(scratch, {
    clips: DEMO_CLIPS.filter((_, i) => !there[i]),
    small: true,
    signal,
    onClip: async ({ name }, path) => {
      await store.putFileOnce('cache', clipKey(name), path);
    },
  });
  const clips: Material['clips'] = [];
  for (const { name } of DEMO_CLIPS) clips.push(await findClip(store, name, signal));
  return { clips, music: await findSong(store, scratch, signal) };
}

async function findClip(store: Store, name: string, signal: AbortSignal): Promise<Material['clips'][number]> {
  const key = clipKey(name);
  const object = await store.stat('cache', key);
  if (!object) throw new NoSuchObject('cache', key);
  const { etag } = object;
  // Where analyze-footage would keep it: by content.
  const analysis = await found(store, cacheKeys.footageAnalysis(etag, FOOTAGE_ANALYSER_VERSION), async () => {
    await using source = await openSource(store, 'cache', key);
    const seen = await analyseFootage(source.input, { signal });
    const failure = source.failure();
    if (failure) throw failure;
    return seen;
  });
  return { ref: { file: `${name}.mp4`, key, etag }, analysis: FootageAnalysisSchema.parse(analysis) };
}

/** Only heard: a preview is silent. So what was found in it is kept, and not the song. */
async function findSong(store: Store, scratch: string, signal: AbortSignal): Promise<Material['music']> {
  const key = cacheKeys.demoSong(PREVIEW_VERSION, MUSIC_ANALYSER_VERSION);
  const analysis = await found(store, key, async () => {
    return analyseMusic(await makeDemoSong(join(scratch, 'song'), { signal }), { signal });
  });
  return { file: SONG, key: SONG, etag: String(PREVIEW_VERSION), analysis: MusicAnalysisSchema.parse(analysis) };
}

/** What lies in the cache under a key, or is found and put there now. */
async function found(store: Store, key: string, find: () => Promise<object>): Promise<unknown> {
  if (await store.stat('cache', key)) return readJson(store, 'cache', key);
  const result = await find();
  await store.putOnce('cache', key, JSON.stringify(result));
  return result;
}
