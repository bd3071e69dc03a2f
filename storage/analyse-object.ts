import type { ObjectRef } from '../shared/events.ts';
import { AnalysisRequestSchema } from '../shared/job.ts';
import type { Stage } from '../shared/keys.ts';
import { openSource } from './source.ts';
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
  const once = async (bucket: ObjectRef['bucket'], key: string, etag: string, signal: AbortSignal) => {
    if (await store.stat('cache', analyser.resultKey(etag))) return;
    await using source = await openSource(store, bucket, key);
    const result = await analyser.analyse(source.input, { signal });
    await store.putOnce('cache', analyser.resultKey(etag), JSON.stringify(result));
  };
  if (object.bucket === 'jobs') {
    await takeWork(store, object, analyser.stage, async ({ body, signal }) => {
      const { bucket, key, etag } = AnalysisRequestSchema.parse(body);
      await once(bucket, key, etag, signal);
    });
    return;
  }
  if (await store.stat('cache', analyser.resultKey(object.etag))) return;
  try {
    await underLease(store, analyser.stage, object.etag, (signal) =>
      once(object.bucket, object.key, object.etag, signal),
    );
  } catch (error) {
    // A clip that was taken away again before anyone looked at it is nobody's failure.
    if (!(error instanceof NoSuchObject)) throw error;
  }
}
