import type { ObservedJob } from '../../shared/job.ts';
import { type Bucket, recognise } from '../../shared/keys.ts';
import type { JobRequest } from '../../shared/request.ts';
import type { Store } from '../../storage/store.ts';

/**
 * What an open job waits for that only a person can bring, as a sentence. A request may well be made before its clips are copied,
 * so a set without any is no mistake; but whoever mistyped its name must see it. What is named one by one is not waited for: the
 * job fails without it.
 */
export async function waitingFor(store: Store, seen: ObservedJob, request: JobRequest): Promise<string | null> {
  const { footageSet, clips, music } = request;
  if (!seen.clipsAt && !clips && !(await holds(store, 'input', `${footageSet}/`, 'ai.montage.footage.created')))
    return `Waiting for clips: the set ${footageSet} holds none; put them into input/${footageSet}/`;
  if (!seen.musicAt && !music && !(await holds(store, 'music', '', 'ai.montage.music.created')))
    return 'Waiting for a song: there is none; put one into music/';
  return null;
}

async function holds(store: Store, bucket: Bucket, prefix: string, type: string): Promise<boolean> {
  for await (const { key } of store.list(bucket, prefix)) if (recognise(bucket, key)?.kind.type === type) return true;
  return false;
}
