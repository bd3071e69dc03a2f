import { join } from 'node:path';
import type { ChunkSpec } from '../../shared/chunks.ts';
import { secondsAt } from '../../shared/frame-rate.ts';
import { cacheKeys, type Pool } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { count, observe } from '../../shared/metrics/record.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import { noteCloudWork } from '../../storage/cloud-work.ts';
import { fileOfCache } from '../../storage/file-of-cache.ts';
import type { Store } from '../../storage/store.ts';
import { MOST_CHUNK_SECONDS, smallFormat, upscaleChunk } from './chunk.ts';
import type { KeptUpscaler } from './kept-upscaler.ts';
import { neverStuck } from './never-stuck.ts';

const GRACE_SECONDS = 1.5;

interface MakeOptions {
  store: Store;
  /** The chunk's name. */
  item: string;
  /** An empty one, for files on the way. */
  folder: string;
  kept: Pick<KeptUpscaler, 'open' | 'drop'>;
  pool: Pool;
  signal: AbortSignal;
  mostSeconds?: number;
}

/**
 * Fetches a chunk's small segment, makes it larger and stores it, in so many seconds at most, all together; in the cloud it is noted
 * how long that took, whatever came of it.
 *
 * @returns seconds that it took: to compute it, or in the cloud, which is paid for what it takes to begin too, all of them.
 * @throws what went wrong, whatever goes wrong after it; when that was to open the upscaler or to compute, it is closed.
 */
export async function makeChunk(
  spec: ChunkSpec,
  { store, item, folder, kept, pool, signal, mostSeconds = MOST_CHUNK_SECONDS }: MakeOptions,
): Promise<number> {
  const out = join(folder, 'chunk.mp4');
  const taken = performance.now();
  const secondsSince = (time: number) => (performance.now() - time) / 1000;
  const bounds = { signal, mostSeconds, graceSeconds: GRACE_SECONDS, giveUp: () => kept.drop() };
  let [computing, all] = [0, 0];
  let healthy = true;
  try {
    await neverStuck(bounds, async (within) => {
      const segment = await fileOfCache(store, spec.segment, folder);
      healthy = false;
      const upscaler = await kept.open(spec.upscale, smallFormat(spec));
      const begun = performance.now();
      await upscaleChunk(spec, segment, out, { upscaler, signal: within });
      computing = secondsSince(begun);
      healthy = true;
      const mediaSeconds = secondsAt(spec.frames, spec.frameRate);
      count('renderedMedia', {}, mediaSeconds);
      observe('encodeSpeed', {}, mediaSeconds / computing);
      await store.putFileOnce('cache', cacheKeys.segment(item), out);
    });
  } catch (error) {
    // What was cancelled leaves the upscaler as it was, and so does a store that fails.
    if (!signal.aborted && !healthy) await kept.drop().catch(warn('the upscaler could not be closed'));
    throw error;
  } finally {
    all = secondsSince(taken);
    if (pool === 'cloud')
      await noteCloudWork(store, item, all, new Date()).catch(
        warn('how long the cloud was at a chunk could not be noted'),
      );
  }
  return pool === 'cloud' ? all : computing;
}

const warn = (what: string) => (error: unknown) => log.warn(what, { reason: sentenceOf(error) });
