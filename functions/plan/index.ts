/** Woken when a job's clips and song are analysed, or its edit is to be changed: makes the timeline. */
import type { ObjectRef } from '../../shared/events.ts';
import { toOtio } from '../../shared/exports/otio.ts';
import { revisionKeys } from '../../shared/keys.ts';
import { takeWork } from '../../storage/work.ts';
import { wokenBy } from '../woken.ts';
import { planRevision } from './revision.ts';

wokenBy('plan', async (object, { store, config }) => {
  await takeWork(store, object as ObjectRef, 'plan', async ({ job, revision }) => {
    const timeline = await planRevision(store, job, revision, config);
    await store.putOnce('jobs', revisionKeys(job, revision).timeline, toOtio(timeline));
  });
});
