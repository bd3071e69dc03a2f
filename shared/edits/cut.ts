import { Refusal } from '../refusal.ts';
import type { Cut, Timeline } from '../timeline.ts';

/** What a person calls the cut at an index. */
export const nameOf = (index: number): string => `Cut ${index + 1}`;

/** @throws {Refusal} when there is no such cut. */
export function cutAt({ cuts }: Timeline, index: number): Cut {
  const cut = cuts[index];
  if (!cut) throw new Refusal(`There is no cut ${index + 1}: the montage has ${cuts.length}`);
  return cut;
}

/** @throws {Refusal} when there is no such cut, or it is locked. */
export function unlockedCut(timeline: Timeline, index: number): Cut {
  const cut = cutAt(timeline, index);
  if (cut.locked) throw new Refusal(`${nameOf(index)} is locked; unlock it to change it`);
  return cut;
}

export const withCut = (timeline: Timeline, index: number, cut: Cut): Timeline => ({
  ...timeline,
  cuts: timeline.cuts.with(index, cut),
});
