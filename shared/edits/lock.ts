import type { Timeline } from '../timeline.ts';
import { cutAt, withCut } from './cut.ts';

/** Keeps a cut as it is, or no longer. */
export function lock(timeline: Timeline, index: number, locked: boolean): Timeline {
  return withCut(timeline, index, { ...cutAt(timeline, index), locked });
}
