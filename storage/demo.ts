import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_CLIPS, DEMO_SONG } from '../shared/demo/files.ts';
import { cacheKeys } from '../shared/keys.ts';
import { PREVIEW_VERSION } from '../shared/preview.ts';
import type { Store } from './store.ts';

/** Where the demo's clip of that name lies in the cache, once `preview` has made it. */
export const demoClipKey = (name: string): string => cacheKeys.demo(PREVIEW_VERSION, `${name}.mp4`);
/** Where its song does. */
export const DEMO_SONG_KEY = cacheKeys.demo(PREVIEW_VERSION, DEMO_SONG);

const FILES = [...DEMO_CLIPS.map(({ name }) => demoClipKey(name)), DEMO_SONG_KEY];

/** How many of the demo's files lie in the cache, and how many there are. */
export async function demoMade(store: Store): Promise<{ made: number; of: number }> {
  const there = await Promise.all(FILES.map((key) => store.stat('cache', key)));
  return { made: there.filter((object) => object !== null).length, of: FILES.length };
}

/** Puts the demo's clips into a set and its song below `songs`, by way of a folder for scratch files. What is there stays. */
export async function bringDemo(
  store: Store,
  { set, songs, scratch }: { set: string; songs: string; scratch: string },
): Promise<{ set: string; song: string }> {
  const song = `${songs}${DEMO_SONG}`;
  const folder = await mkdtemp(join(scratch, 'demo-'));
  const bring = async (bucket: 'input' | 'music', from: string, key: string) => {
    if (await store.stat(bucket, key)) return;
    const path = join(folder, 'file');
    await store.getFile('cache', from, path);
    await store.putFileOnce(bucket, key, path);
  };
  try {
    for (const { name } of DEMO_CLIPS) await bring('input', demoClipKey(name), `${set}/${name}.mp4`);
    await bring('music', DEMO_SONG_KEY, song);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { set, song };
}
