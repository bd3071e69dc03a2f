import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { framesOf, makeClip } from './clip.ts';
import { DEMO_CLIPS, type DemoClip } from './files.ts';
import { Painter } from './painter.ts';

interface MakeOptions {
  signal?: AbortSignal | undefined;
  /** Called with the share that is done, 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
  /** Those of `DEMO_CLIPS` that are to be made. Default: all. */
  clips?: readonly DemoClip[] | undefined;
  /** Called with each clip as it is finished, and its path. Its painter goes on once this is done. */
  onClip?: ((clip: DemoClip, path: string) => Promise<void>) | undefined;
}

/**
 * Paints the demo's clips into a folder, as many at once as there are processors: 1280×720, H.264 with sound, the same bytes each
 * time with the same ffmpeg. Each file appears whole or not at all.
 *
 * @returns the clips' paths, in their order.
 */
export async function makeDemoFootage(folder: string, options: MakeOptions = {}): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  const clips = options.clips ?? DEMO_CLIPS;
  const total = clips.reduce((sum, clip) => sum + framesOf(clip), 0);
  let painted = 0;
  const onFrame = () => options.onProgress?.(++painted / total);
  const queue = [...clips];
  const work = async () => {
    const painter = new Painter();
    try {
      for (let clip = queue.shift(); clip; clip = queue.shift()) {
        const path = await makeClip(clip, folder, painter, { signal, onFrame });
        await options.onClip?.(clip, path);
      }
    } catch (error) {
      // Without one clip there is no demo: the others needn't be finished.
      failure.abort(error);
      throw error;
    } finally {
      await painter.close();
    }
  };
  // All are awaited, so that none still writes when the failure is told.
  const ended = await Promise.allSettled(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
  for (const result of ended) if (result.status === 'rejected') throw result.reason;
  return clips.map(({ name }) => join(folder, `${name}.mp4`));
}
