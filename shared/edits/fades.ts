import type { Cut, Timeline, Transition } from '../timeline.ts';
import { roomOf, speedOf } from './span.ts';

const SHORTEST_CROSSFADE_FRAMES = 4;

/**
 * The timeline with the transitions into the cuts at `indices` made as short as their shots now ask for, and left out where hardly
 * anything would be left: a dissolve takes no more than half of a shot and no frames that aren't there, another transition no more
 * than a quarter on each side, and nothing leads into the first cut.
 */
export function fadesThatFit(timeline: Timeline, indices: readonly number[]): Timeline {
  const cuts = timeline.cuts.map((cut, i) =>
    indices.includes(i) && cut.transition ? { ...cut, transition: fitting(timeline, i, cut.transition) } : cut,
  );
  return { ...timeline, cuts };
}

function fitting(timeline: Timeline, index: number, { kind, inFrames, outFrames }: Transition): Transition | null {
  const cut = timeline.cuts[index];
  const before = timeline.cuts[index - 1];
  if (!cut || !before) return null;
  const shorter = Math.min(before.frames, cut.frames);
  if (kind !== 'crossfade') {
    const most = Math.floor(shorter / 4);
    const short = { kind, inFrames: Math.min(inFrames, most), outFrames: Math.min(outFrames, most) };
    return short.inFrames > 0 && short.outFrames > 0 ? short : null;
  }
  const most = Math.floor(shorter / 2);
  const wanted = inFrames + outFrames;
  const share = Math.min(1, most / wanted);
  const short = {
    kind,
    inFrames: Math.min(Math.floor(inFrames * share), framesBefore(timeline, cut)),
    outFrames: Math.min(Math.floor(outFrames * share), framesAfter(timeline, before)),
  };
  return short.inFrames + short.outFrames < SHORTEST_CROSSFADE_FRAMES ? null : short;
}

/** Frames of the timeline that a cut's shot could be seen before it starts. */
function framesBefore(timeline: Timeline, cut: Cut): number {
  return Math.max(0, Math.floor((cut.sourceFrame - roomOf(timeline, cut).from) / speedOf(cut)));
}

/** Frames of the timeline that a cut's shot could be seen after it ends. */
function framesAfter(timeline: Timeline, cut: Cut): number {
  return Math.max(0, Math.floor((roomOf(timeline, cut).to - cut.sourceFrame - cut.sourceFrames) / speedOf(cut)));
}
