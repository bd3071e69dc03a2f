import { fromOtio } from '../shared/exports/otio.ts';
import { revisionKeys } from '../shared/keys.ts';
import { type PlannedSegment, plannedSegments } from '../shared/planned-segments.ts';
import { remembering } from './remembering.ts';

/** What a planned revision consists of. */
export interface Planned {
  frames: number;
  segments: readonly PlannedSegment[];
}

/** The segments of a revision that has a timeline, in order. */
export const plannedOf = remembering(
  50,
  (job: string, revision: number) => `${job} ${revision}`,
  async (store, job, revision): Promise<Planned> => {
    const timeline = fromOtio((await store.read('jobs', revisionKeys(job, revision).timeline)).toString('utf8'));
    return { frames: timeline.frames, segments: plannedSegments(timeline) };
  },
);
