import type { FootageSet } from '../../shared/api/library.ts';
import { isForOneLook, recognise } from '../../shared/keys.ts';
import type { ObjectInfo } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { pageOf } from './cursor.ts';
import { foundInClip, foundInSong } from './found.ts';

export const listSets: Handler<'listSets'> = async ({ store, query }) => {
  const sets = new Map<string, FootageSet>();
  for await (const object of store.list('input', '')) {
    const name = setOf(object);
    if (!name || isForOneLook(object.key)) continue;
    const changedAt = object.lastModified.toISOString();
    const set = sets.get(name) ?? { name, clips: 0, bytes: 0, changedAt };
    set.clips += 1;
    set.bytes += object.size;
    if (changedAt > set.changedAt) set.changedAt = changedAt;
    sets.set(name, set);
  }
  const { items, next } = pageOf([...sets.values()], ({ name }) => name, query);
  return { status: 200, body: { sets: items, next } };
};

export const listClips: Handler<'listClips'> = async ({ store, parameters: { set }, query }) => {
  const objects = await Array.fromAsync(store.list('input', `${set}/`));
  const clips = objects.filter((object) => setOf(object) === set);
  if (clips.length === 0) throw new Problem(404, `There is no set ${set}`);
  const { items, next } = pageOf(clips, ({ key }) => key, query);
  const described = items.map(async (clip) => ({
    ...fileOf(clip, clip.key.slice(set.length + 1)),
    found: await foundInClip(store, clip.etag),
  }));
  return { status: 200, body: { clips: await Promise.all(described), next } };
};

export const listSongs: Handler<'listSongs'> = async ({ store, query }) => {
  const objects = await Array.fromAsync(store.list('music', ''));
  const songs = objects.filter(({ key }) => recognise('music', key) && !isForOneLook(key));
  const { items, next } = pageOf(songs, ({ key }) => key, query);
  const described = items.map(async (song) => ({
    ...fileOf(song, song.key),
    found: await foundInSong(store, song.etag),
  }));
  return { status: 200, body: { songs: await Promise.all(described), next } };
};

/** The set that a clip belongs to; undefined where the object is none. */
function setOf({ key }: ObjectInfo): string | undefined {
  const recognised = recognise('input', key);
  return recognised?.kind.type === 'ai.montage.footage.created' ? recognised.fields.set : undefined;
}

const fileOf = ({ key, etag, size, lastModified }: ObjectInfo, file: string) => ({
  key,
  file,
  etag,
  bytes: size,
  addedAt: lastModified.toISOString(),
});
