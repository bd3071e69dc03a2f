import type { ObservedJob } from '../../shared/job.ts';
import { recognise } from '../../shared/keys.ts';
import { type Owner, ownerOfName } from '../../shared/owner.ts';
import type { JobRequest } from '../../shared/request.ts';
import { songsFor } from '../../storage/songs.ts';
import type { Store } from '../../storage/store.ts';

/**
 * What an open job waits for that only a person can bring, as a sentence. A request may well be made before its clips are copied,
 * so a set without any is no mistake; but whoever mistyped its name must see it. What is named one by one is not waited for: the
 * job fails without it.
 */
export async function waitingFor(store: Store, seen: ObservedJob, request: JobRequest): Promise<string | null> {
  const { footageSet, clips, music } = request;
  if (!seen.clipsAt && !clips && !(await anyClip(store, footageSet)))
    return `Waiting for clips: the set ${footageSet} holds none; put them into input/${footageSet}/`;
  if (!seen.musicAt && !music && !(await anySong(store, ownerOfName(footageSet))))
    return 'Waiting for a song: there is none; put one into music/';
  return null;
}

async function anyClip(store: Store, set: string): Promise<boolean> {
  for await (const { key } of store.list('input', `${set}/`))
    if (recognise('input', key)?.kind.type === 'ai.montage.footage.created') return true;
  return false;
}

async function anySong(store: Store, owner: Owner | null): Promise<boolean> {
  for await (const _ of songsFor(store, owner)) return true;
  return false;
}
