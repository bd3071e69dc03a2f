import { Refusal } from '../refusal.ts';
import type { Cut, Timeline } from '../timeline.ts';
import { beatAt, beatFrames } from './beats.ts';
import { nameOf, unlockedCut } from './cut.ts';
import { fadesThatFit } from './fades.ts';
import { resize } from './resize.ts';

/**
 * Takes a cut out. Its time goes to the cut before it, the cut after it, or both, meeting on a beat between: where their pictures
 * have to be moved least against the song. All other cuts stay on their beats.
 */
export function remove(timeline: Timeline, index: number): Timeline {
  const cut = unlockedCut(timeline, index);
  const end = cut.frame + cut.frames;
  const inside = beatFrames(timeline).filter((frame) => frame > cut.frame && frame < end);
  const ways = [cut.frame, end, ...inside].flatMap((meeting) => metAt(timeline, index, meeting) ?? []);
  const [best] = ways.sort((a, b) => a.slipped - b.slipped);
  if (!best)
    throw new Refusal(
      timeline.cuts.length === 1
        ? 'The only cut of a montage can not be taken out'
        : `The shots beside ${nameOf(index).toLowerCase()} aren't long enough to take its place; swap it for another moment`,
    );
  const cuts = timeline.cuts.flatMap((other, i) => {
    if (i === index) return [];
    if (i === index - 1) return [best.before ?? other];
    return i === index + 1 ? [best.after ?? other] : [other];
  });
  return fadesThatFit({ ...timeline, cuts }, [index - 1, index, index + 1]);
}

interface Meeting {
  before: Cut | undefined;
  after: Cut | undefined;
  slipped: number;
}

/** The cuts beside the one at `index` as they are when they meet at a frame; null where they can't. */
function metAt(timeline: Timeline, index: number, meeting: number): Meeting | null {
  const { frame = 0, frames = 0 } = timeline.cuts[index] ?? {};
  const neighbour = (at: number, from: number, to: number) => {
    const cut = timeline.cuts[at];
    return cut && !cut.locked ? resize(timeline, at, from, to - from) : null;
  };
  const [before, after] = [timeline.cuts[index - 1], timeline.cuts[index + 1]];
  const longer = meeting > frame ? neighbour(index - 1, before?.frame ?? 0, meeting) : undefined;
  const earlier =
    meeting < frame + frames ? neighbour(index + 1, meeting, (after?.frame ?? 0) + (after?.frames ?? 0)) : undefined;
  if (longer === null || earlier === null) return null;
  return {
    before: longer?.cut,
    after: earlier && { ...earlier.cut, beat: beatAt(timeline, meeting) },
    slipped: (longer?.slipped ?? 0) + (earlier?.slipped ?? 0),
  };
}
