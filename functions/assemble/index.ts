/** Woken when all segments of a job are there: joins them, adds the sound, checks the result and says what was made. */
import { join } from 'node:path';
import type { ObjectRef } from '../../shared/events.ts';
import { fromOtio } from '../../shared/exports/otio.ts';
import { isOpen } from '../../shared/job.ts';
import { outputKeys, revisionKeys } from '../../shared/keys.ts';
import { joinedFiles, plannedSegments } from '../../shared/planned-segments.ts';
import type { Source } from '../../shared/timeline.ts';
import { filesOfCache } from '../../storage/file-of-cache.ts';
import { findJob } from '../../storage/jobs.ts';
import { Sources } from '../../storage/source.ts';
import { takeWork } from '../../storage/work.ts';
import { wokenBy } from '../woken.ts';
import { madeLarger } from './made-larger.ts';
import { assembleMontage } from './montage.ts';
import { writePoster } from './poster.ts';
import { reportOf } from './report.ts';

wokenBy(
  'assemble',
  async (object, { store, scratch }) => {
    await takeWork(store, object as ObjectRef, 'assemble', async ({ job, revision, signal }) => {
      const begun = Date.now();
      const otio = (await store.read('jobs', revisionKeys(job, revision).timeline)).toString('utf8');
      const timeline = fromOtio(otio);
      const folder = await scratch();
      const out = join(folder, 'montage.mp4');
      await using sources = new Sources(store);
      const segments = plannedSegments(timeline);
      const joined = joinedFiles(segments);
      const hashes = joined.map(({ hash }) => hash);
      const files = await filesOfCache(store, hashes, folder);
      const fileOf = (hash: string) => files.get(hash) as string;
      const made = await assembleMontage({
        timeline,
        pieces: joined.map(({ hash, frames }) => ({ path: fileOf(hash), frames })),
        music: await sources.open('music', timeline.music),
        openClip: (source: Source) => sources.open('input', source),
        scratch: folder,
        out,
        signal,
      });
      const poster = join(folder, 'poster.jpg');
      await writePoster(out, timeline, poster, signal);
      await sources.verify();
      const seen = await findJob(store, job);
      // Cancelled, deleted or changed at the last moment: nobody wants it.
      if (!seen || !isOpen(seen) || seen.revision !== revision) return;
      const report = reportOf({
        job: seen,
        timeline,
        made,
        upscaling: await madeLarger(timeline, segments, fileOf),
        assembleSeconds: (Date.now() - begun) / 1000,
      });
      const keys = outputKeys(job, revision);
      await store.putFileOnce('output', keys.montage, out);
      await store.putFileOnce('output', keys.poster, poster);
      await store.putOnce('output', keys.timeline, otio);
      await store.putOnce('output', keys.report, `${JSON.stringify(report, null, 2)}\n`);
      await store.putOnce('jobs', revisionKeys(job, revision).done, '{}');
    });
  },
  { ahead: true },
);
