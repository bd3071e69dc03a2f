import { recognise } from '../shared/keys.ts';
import { type Owner, ownerOfName } from '../shared/owner.ts';
import type { ObjectInfo, Store } from './store.ts';

/** The songs that a montage of somebody's clips may be cut to: theirs, and those that are nobody's. In order of key. */
export async function* songsFor(store: Store, owner: Owner | null): AsyncGenerator<ObjectInfo> {
  for await (const song of store.list('music', '')) {
    const whose = ownerOfName(song.key);
    if (recognise('music', song.key) && (whose === null || whose === owner)) yield song;
  }
}
