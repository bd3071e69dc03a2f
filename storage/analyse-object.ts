import type { ObjectRef } from '../shared/events.ts';
import { AnalysisRequestSchema } from '../shared/job.ts';
import type { Stage } from '../shared/keys.ts';
import { Refusal } from '../shared/refusal.ts';
import type { ClipRef } from '../shared/timeline.ts';
import { Sources } from './source.ts';
import { NoSuchObject, type Store } from './store.ts';
import { takeWork, underLease } from './work.ts';

export interface Analyser {
  stage: Stage;
  /** Key in the cache bucket for what is found in content of that ETag. */
  resultKey(etag: string): string;
  /** `source` is a path or loopback URL for ffmpeg. */
  analyse(source: string, options: { signal?: AbortSignal }): Promise<object>;
}

/**
 * Analyses the clip or song of an event: either the new object itself, or the one that a job's request names.
 * The result is kept by content, so the same bytes under another name are never looked at twice.
 */
export async function analyseObject(store: Store, object: ObjectRef, analyser: Analyser): Promise<void> {
  const once = async (bucket: ObjectRef['bucket'], clip: ClipRef, signal: AbortSignal) => {
    const { etag } = clip;
    if (await store.stat('cache', analyser.resultKey(etag))) return;
    await using sources = new Sources(store);
    const result = await analyser.analyse(await sources.open(bucket, clip), { signal });
    await sources.verify();
    await store.putOnce('cache', analyser.resultKey(etag), JSON.stringify(result));
  };
  if (object.bucket === 'jobs') {
    await takeWork(store, object, analyser.stage, async ({ body, signal }) => {
      const { bucket, key, etag } = AnalysisRequestSchema.parse(body);
      await once(bucket, { file: key.slice(key.lastIndexOf('/') + 1), key, etag }, signal);
    });
    return;
  }
  if (await store.stat('cache', analyser.resultKey(object.etag))) return;
  try {
    await underLease(store, analyser.stage, object.etag, object.key, (signal) => {
      return once(object.bucket, { file: object.key, key: object.key, etag: object.etag }, signal);
    });
  } catch (error) {
    // A clip that was changed or taken away before anyone had looked at it is nobody's failure; its new content is an event of its own.
    if (!(error instanceof Refusal || error instanceof NoSuchObject)) throw error;
  }
}
