import { fromOtio } from '../shared/exports/otio.ts';
import { revisionKeys } from '../shared/keys.ts';
import { type SegmentSpec, segmentHash, segmentsOf } from '../shared/segments.ts';
import type { Store } from './store.ts';

/** What a planned revision consists of. */
export interface Planned {
  frames: number;
  segments: readonly { hash: string; spec: SegmentSpec }[];
}

/** A timeline never changes, so it is read once a process; the oldest is forgotten first. */
const known = new Map<string, Planned>();
const REMEMBERED = 50;

/** The segments of a revision that has a timeline, in order. */
export async function plannedOf(store: Store, job: string, revision: number): Promise<Planned> {
  const key = revisionKeys(job, revision).timeline;
  const remembered = known.get(key);
  if (remembered) return remembered;
  const timeline = fromOtio((await store.read('jobs', key)).toString('utf8'));
  const segments = segmentsOf(timeline).map((spec) => ({ spec, hash: segmentHash(spec) }));
  const planned = { frames: timeline.frames, segments };
  known.set(key, planned);
  const [oldest] = known.keys();
  if (known.size > REMEMBERED && oldest) known.delete(oldest);
  return planned;
}
