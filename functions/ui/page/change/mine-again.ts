import { applyChange } from '../../../../shared/edits/apply.ts';
import type { Change, CutChange } from '../../../../shared/edits/change.ts';
import { nameOf } from '../../../../shared/edits/cut.ts';
import { Refusal, sentenceOf } from '../../../../shared/refusal.ts';
import type { Cut, Timeline } from '../../../../shared/timeline.ts';

/** What comes of changes that were meant for one timeline on another. */
export interface Again {
  /** Those that can be made, for the cuts as they are counted there, each with what comes of it. */
  readonly made: readonly { readonly change: Change; readonly after: Timeline | null }[];
  /** Why others can't. */
  readonly lost: readonly string[];
}

/**
 * Makes changes that were meant for `before` on `now`, which somebody else has made of it meanwhile: of the same cuts and to the same
 * moments, wherever they are by now.
 */
export function mineAgain(before: Timeline, changes: readonly Change[], now: Timeline): Again {
  const made: Again['made'][number][] = [];
  const lost: string[] = [];
  let [mine, theirs] = [before, now];
  for (const change of changes) {
    if (change.kind === 'replan') {
      made.push({ change, after: null });
      continue;
    }
    try {
      const same = meantOn(theirs, mine, change);
      theirs = applyChange(theirs, same);
      made.push({ change: same, after: theirs });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      lost.push(sentenceOf(error));
    }
    mine = applyChange(mine, change);
  }
  return { made, lost };
}

function meantOn(now: Timeline, before: Timeline, change: CutChange): CutChange {
  const meant = before.cuts[change.cut];
  const cut = meant ? now.cuts.findIndex((each) => isSame(now, each, before, meant)) : -1;
  const found = now.cuts[cut];
  if (!meant || !found) throw new Refusal(`${nameOf(change.cut)} is no longer there as it was`);
  if (change.kind !== 'swap') return { ...change, cut };
  const wanted = meant.alternatives[change.alternative];
  const alternative = found.alternatives.findIndex(
    ({ file, sourceFrame }) => file === wanted?.file && sourceFrame === wanted.sourceFrame,
  );
  if (alternative < 0) throw new Refusal(`${nameOf(cut)} can no longer be swapped for that moment`);
  return { ...change, cut, alternative };
}

/** Whether two cuts show the same shot at about the same time. */
function isSame(now: Timeline, a: Cut, before: Timeline, b: Cut): boolean {
  const overlap = (from: number, length: number, other: number, otherLength: number) =>
    from < other + otherLength && other < from + length;
  return (
    now.sources[a.source]?.etag === before.sources[b.source]?.etag &&
    overlap(a.frame, a.frames, b.frame, b.frames) &&
    overlap(a.sourceFrame, a.sourceFrames, b.sourceFrame, b.sourceFrames)
  );
}
