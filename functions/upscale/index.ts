/** Woken by a request for one chunk of a small segment: makes it larger, once for all jobs that need these very pixels. */
import type { ChunkMarker } from '../../shared/chunks.ts';
import type { ObjectRef } from '../../shared/events.ts';
import { cacheKeys, revisionKeys } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { takeWork } from '../../storage/work.ts';
import { wokenBy } from '../woken.ts';
import { chunkAskedFor } from './chunk-asked-for.ts';
import { findDevices } from './devices.ts';
import { KeptUpscaler } from './kept-upscaler.ts';
import { makeChunk } from './make-chunk.ts';
import { loadModel } from './network/models.ts';
import { tuningsInStore } from './tunings-in-store.ts';

let keptHere: KeptUpscaler | null = null;

wokenBy('upscale', async (object, { store, scratch }) => {
  keptHere ??= new KeptUpscaler({ find: () => findDevices({ tunings: tuningsInStore(store) }), load: loadModel });
  const kept = keptHere;
  await takeWork(store, object as ObjectRef, 'upscale', async ({ job, revision, item, body, pool, signal }) => {
    const spec = chunkAskedFor(body, item);
    if (!spec) return;
    const marker: ChunkMarker = {};
    if (!(await store.stat('cache', cacheKeys.segment(item)))) {
      if (!(await store.stat('cache', cacheKeys.segment(spec.segment)))) {
        // Without a marker, reconcile has it rendered again, and then asks again.
        log.warn('the segment of a chunk is gone from the cache', { segment: spec.segment, chunk: item });
        return;
      }
      marker.seconds = await makeChunk(spec, { store, item, folder: await scratch(), kept, pool, signal });
    }
    await store.putOnce('jobs', revisionKeys(job, revision).marker('upscale', item), JSON.stringify(marker));
  });
});
