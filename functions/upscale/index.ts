/** Woken by a request for one chunk of a small segment: makes it larger, once for all jobs that need these very pixels. */
import { join } from 'node:path';
import { type ChunkMarker, ChunkSpecSchema } from '../../shared/chunks.ts';
import type { ObjectRef } from '../../shared/events.ts';
import { secondsAt } from '../../shared/frame-rate.ts';
import { cacheKeys, revisionKeys } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { count, observe } from '../../shared/metrics/record.ts';
import { noteCloudWork } from '../../storage/cloud-work.ts';
import { fileOfCache } from '../../storage/file-of-cache.ts';
import { takeWork } from '../../storage/work.ts';
import { wokenBy } from '../woken.ts';
import { smallFormat, upscaleChunk } from './chunk.ts';
import { findDevices } from './devices.ts';
import { KeptUpscaler } from './kept-upscaler.ts';
import { loadModel } from './network/models.ts';
import { neverStuck } from './never-stuck.ts';
import { tuningsInStore } from './tunings-in-store.ts';

/** Less than what is waited for an answer. */
const MOST_SECONDS = 590;
const GRACE_SECONDS = 1.5;

let keptHere: KeptUpscaler | null = null;

wokenBy('upscale', async (object, { store, scratch }) => {
  keptHere ??= new KeptUpscaler({ find: () => findDevices({ tunings: tuningsInStore(store) }), load: loadModel });
  const kept = keptHere;
  await takeWork(store, object as ObjectRef, 'upscale', async ({ job, revision, item, body, pool, signal }) => {
    const marker: ChunkMarker = {};
    const spec = ChunkSpecSchema.parse(body);
    if (!(await store.stat('cache', cacheKeys.segment(item)))) {
      if (!(await store.stat('cache', cacheKeys.segment(spec.segment)))) {
        // Without a marker, reconcile has it rendered again, and then asks again.
        log.warn('the segment of a chunk is gone from the cache', { segment: spec.segment, chunk: item });
        return;
      }
      const folder = await scratch();
      const taken = performance.now();
      const segment = await fileOfCache(store, spec.segment, folder);
      const out = join(folder, 'chunk.mp4');
      let begun = taken;
      const bounds = { signal, mostSeconds: MOST_SECONDS, graceSeconds: GRACE_SECONDS, giveUp: () => kept.drop() };
      try {
        await neverStuck(bounds, async (within) => {
          const upscaler = await kept.open(spec.upscale, smallFormat(spec));
          begun = performance.now();
          await upscaleChunk(spec, segment, out, { upscaler, signal: within });
        });
      } catch (error) {
        if (!signal.aborted) await kept.drop();
        throw error;
      } finally {
        const now = performance.now();
        // A cloud is paid for what it takes to begin too; how fast a GPU is says the rest.
        marker.seconds = (now - (pool === 'cloud' ? taken : begun)) / 1000;
        if (pool === 'cloud') await noteCloudWork(store, item, marker.seconds, new Date());
      }
      const mediaSeconds = secondsAt(spec.frames, spec.frameRate);
      count('renderedMedia', {}, mediaSeconds);
      observe('encodeSpeed', {}, mediaSeconds / ((performance.now() - begun) / 1000));
      await store.putFileOnce('cache', cacheKeys.segment(item), out);
    }
    await store.putOnce('jobs', revisionKeys(job, revision).marker('upscale', item), JSON.stringify(marker));
  });
});
