/** Woken by a request for one segment: encodes it, once for all jobs that need these very pixels. */
import { join } from 'node:path';
import type { ObjectRef } from '../../shared/events.ts';
import { cacheKeys, revisionKeys } from '../../shared/keys.ts';
import { type Piece, SegmentSpecSchema } from '../../shared/segments.ts';
import { openUnchanged, stillUnchanged } from '../../storage/source.ts';
import { takeWork } from '../../storage/work.ts';
import { wokenBy } from '../woken.ts';
import { lookAtClip, remembering } from './clip.ts';
import { renderSegment } from './segment.ts';

const look = remembering(lookAtClip);

wokenBy('render', async (object, { store, scratch }) => {
  await takeWork(store, object as ObjectRef, 'render', async ({ job, revision, item, body, signal }) => {
    const spec = SegmentSpecSchema.parse(body);
    if (!(await store.stat('cache', cacheKeys.segment(item)))) {
      const folder = await scratch();
      const out = join(folder, 'segment.mp4');
      await using sources = new AsyncDisposableStack();
      const open = async (piece: Piece) => sources.use(await openUnchanged(store, 'input', piece)).input;
      await renderSegment(spec, open, out, { signal, scratch: folder, look });
      for (const piece of [spec.main, ...(spec.from ? [spec.from] : [])]) await stillUnchanged(store, 'input', piece);
      await store.putFileOnce('cache', cacheKeys.segment(item), out);
    }
    await store.putOnce('jobs', revisionKeys(job, revision).segmentMarker(item), '{}');
  });
});
