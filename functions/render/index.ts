/** Woken by a request for one segment: encodes it, once for all jobs that need these very pixels. */
import { join } from 'node:path';
import type { ObjectRef } from '../../shared/events.ts';
import { secondsAt } from '../../shared/frame-rate.ts';
import { cacheKeys, revisionKeys } from '../../shared/keys.ts';
import { count, observe } from '../../shared/metrics/record.ts';
import { SegmentSpecSchema } from '../../shared/segments.ts';
import { Sources } from '../../storage/source.ts';
import { takeWork } from '../../storage/work.ts';
import { wokenBy } from '../woken.ts';
import { KnownClips, lookAtClip } from './clip.ts';
import { renderSegment } from './segment.ts';

const clips = new KnownClips(lookAtClip);

wokenBy(
  'render',
  async (object, { store, scratch }) => {
    await takeWork(store, object as ObjectRef, 'render', async ({ job, revision, item, body, signal }) => {
      const spec = SegmentSpecSchema.parse(body);
      if (!(await store.stat('cache', cacheKeys.segment(item)))) {
        const folder = await scratch();
        const out = join(folder, 'segment.mp4');
        await using sources = new Sources(store);
        const begun = performance.now();
        try {
          await renderSegment(spec, (piece) => sources.open('input', piece), out, {
            signal,
            scratch: folder,
            look: clips.look,
          });
          await sources.verify();
        } catch (error) {
          // What was seen of a clip while it couldn't be read must not be believed any longer.
          clips.forget();
          throw error;
        }
        const mediaSeconds = secondsAt(spec.frames, spec.frameRate);
        count('renderedMedia', {}, mediaSeconds);
        observe('encodeSpeed', {}, mediaSeconds / ((performance.now() - begun) / 1000));
        await store.putFileOnce('cache', cacheKeys.segment(item), out);
      }
      await store.putOnce('jobs', revisionKeys(job, revision).marker('render', item), '{}');
    });
  },
  { ahead: true },
);
