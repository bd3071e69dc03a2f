import { Refusal } from '../refusal.ts';
import { type Alternative, type Cut, SLOWEST_SPEED, type Timeline } from '../timeline.ts';
import { type Why, whySentence } from '../why.ts';
import { nameOf, unlockedCut, withCut } from './cut.ts';
import { fadesThatFit } from './fades.ts';
import { handlesOf, NO_HANDLES, roomOf, startWithin } from './span.ts';

/** How many moments a cut keeps to be swapped for, the one that it showed before among them. */
const KEPT = 4;

/** Shows another moment in a cut's place: one of those that the plan kept as next best. What was there becomes the first of these. */
export function swap(timeline: Timeline, index: number, which: number): Timeline {
  const cut = unlockedCut(timeline, index);
  const chosen = cut.alternatives[which];
  if (!chosen)
    throw new Refusal(
      `${nameOf(index)} has ${cut.alternatives.length} other moments to choose from, and no number ${which + 1}`,
    );
  const source = timeline.sources.findIndex(({ file }) => file === chosen.file);
  const room = roomOf(timeline, { source, room: chosen.room });
  const sourceFrames = Math.min(cut.sourceFrames, room.to - room.from);
  if (source < 0 || sourceFrames < Math.ceil(cut.frames * SLOWEST_SPEED))
    throw new Refusal(`That moment of ${chosen.file} is shorter than ${nameOf(index).toLowerCase()}; choose another`);
  const sourceFrame =
    startWithin(room, sourceFrames, handlesOf(timeline.cuts, index), chosen.sourceFrame) ??
    startWithin(room, sourceFrames, NO_HANDLES, chosen.sourceFrame) ??
    room.from;
  const why: Why = { here: null, shot: { kind: 'chosen' } };
  const swapped: Cut = {
    ...cut,
    source,
    sourceFrame,
    sourceFrames,
    room: chosen.room,
    score: chosen.score,
    why,
    reason: whySentence(why, chosen.file),
    alternatives: [momentOf(timeline, cut), ...cut.alternatives.filter((other) => other !== chosen)].slice(0, KEPT),
  };
  return fadesThatFit(onlyShownOnce(withCut(timeline, index, swapped), index), [index, index + 1]);
}

const momentOf = ({ sources }: Timeline, { source, sourceFrame, score, room }: Cut): Alternative => ({
  file: sources[source]?.file ?? '',
  sourceFrame,
  score,
  room,
});

/** No other cut offers any longer what the cut at `index` now shows. */
function onlyShownOnce(timeline: Timeline, index: number): Timeline {
  const shown = timeline.cuts[index];
  if (!shown) return timeline;
  const file = timeline.sources[shown.source]?.file;
  const end = shown.sourceFrame + shown.sourceFrames;
  const offered = (cut: Cut) =>
    cut.alternatives.filter(
      (other) =>
        other.file !== file || other.sourceFrame >= end || other.sourceFrame + cut.sourceFrames <= shown.sourceFrame,
    );
  const cuts = timeline.cuts.map((cut, i) => (i === index ? cut : { ...cut, alternatives: offered(cut) }));
  return { ...timeline, cuts };
}
