import { join } from 'node:path';
import {
  FOOTAGE_ANALYSER_VERSION,
  FootageAnalysisSchema,
  MUSIC_ANALYSER_VERSION,
  MusicAnalysisSchema,
} from '../../shared/analysis.ts';
import { DEMO_CLIPS, DEMO_SONG } from '../../shared/demo/files.ts';
import { makeDemoFootage } from '../../shared/demo/footage.ts';
import { makeDemoSong } from '../../shared/demo/song.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { DEMO_SONG_KEY, demoClipKey } from '../../storage/demo.ts';
import { readJson } from '../../storage/read-json.ts';
import { openSource } from '../../storage/source.ts';
import { NoSuchObject, type Store } from '../../storage/store.ts';
import { analyseFootage } from '../analyze-footage/footage.ts';
import { analyseMusic } from '../analyze-music/music.ts';
import type { PlanInputs } from '../plan/inputs.ts';

/** What all previews are made of: the demo's clips, which lie in the cache, and its song. */
export type Material = Pick<PlanInputs, 'clips' | 'music'>;

/**
 * The demo's clips and song with what is found in them. What isn't in the cache yet is made and put there piece by piece, so that
 * whoever is stopped and begins again goes on from there.
 */
export async function findMaterial(store: Store, scratch: string, signal: AbortSignal): Promise<Material> {
  const there = await Promise.all(DEMO_CLIPS.map(({ name }) => store.stat('cache', demoClipKey(name))));
  await makeDemoFootage(scratch, {
    clips: DEMO_CLIPS.filter((_, i) => !there[i]),
    signal,
    onClip: async ({ name }, path) => {
      await store.putFileOnce('cache', demoClipKey(name), path);
    },
  });
  const clips: Material['clips'] = [];
  for (const { name } of DEMO_CLIPS) clips.push(await findClip(store, name, signal));
  return { clips, music: await findSong(store, scratch, signal) };
}

async function findClip(store: Store, name: string, signal: AbortSignal): Promise<Material['clips'][number]> {
  const key = demoClipKey(name);
  const { etag, found } = await examined(store, key, {
    analysis: (etag) => cacheKeys.footageAnalysis(etag, FOOTAGE_ANALYSER_VERSION),
    look: (input) => analyseFootage(input, { signal }),
  });
  return { ref: { file: `${name}.mp4`, key, etag }, analysis: FootageAnalysisSchema.parse(found) };
}

async function findSong(store: Store, scratch: string, signal: AbortSignal): Promise<Material['music']> {
  const key = DEMO_SONG_KEY;
  if (!(await store.stat('cache', key)))
    await store.putFileOnce('cache', key, await makeDemoSong(join(scratch, 'song'), { signal }));
  const { etag, found } = await examined(store, key, {
    analysis: (etag) => cacheKeys.musicAnalysis(etag, MUSIC_ANALYSER_VERSION),
    look: (input) => analyseMusic(input, { signal }),
  });
  return { file: DEMO_SONG, key, etag, analysis: MusicAnalysisSchema.parse(found) };
}

/** What is found in a file of the cache, kept where the analysing functions would: by content. */
async function examined(
  store: Store,
  key: string,
  { analysis, look }: { analysis: (etag: string) => string; look: (input: string) => Promise<object> },
): Promise<{ etag: string; found: unknown }> {
  const object = await store.stat('cache', key);
  if (!object) throw new NoSuchObject('cache', key);
  const kept = analysis(object.etag);
  if (!(await store.stat('cache', kept))) {
    await using source = await openSource(store, 'cache', key);
    const found = await look(source.input);
    const failure = source.failure();
    if (failure) throw failure;
    await store.putOnce('cache', kept, JSON.stringify(found));
  }
  return { etag: object.etag, found: await readJson(store, 'cache', kept) };
}
