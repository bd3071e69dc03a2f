import { handlesOf } from '../../shared/edits/span.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { Cut, Timeline } from '../../shared/timeline.ts';
import type { PlanInputs } from './inputs.ts';
import type { Take } from './takes.ts';

/**
 * The locked cuts of an earlier timeline, in order, for a montage of `frames` frames of the same clips; their `source` is an index into
 * these.
 *
 * @throws {Refusal} when one of them lies after the end.
 */
export function lockedCuts(earlier: Timeline | undefined, clips: PlanInputs['clips'], frames: number): Cut[] {
  const locked = (earlier?.cuts ?? []).flatMap((cut, i) => (cut.locked ? [{ cut, name: `Cut ${i + 1}` }] : []));
  return locked.map(({ cut, name }, i) => {
    const was = earlier?.sources[cut.source];
    const source = clips.findIndex(({ ref }) => ref.key === was?.key && ref.etag === was?.etag);
    if (source < 0) throw new Refusal(`${name} is locked, and its clip ${was?.file} is no longer used; unlock it`);
    if (cut.frame + cut.frames > frames)
      throw new Refusal(`${name} is locked and lies after the new end; unlock it or ask for a longer montage`);
    const before = locked[i - 1]?.cut;
    const joined = before !== undefined && before.frame + before.frames === cut.frame;
    return { ...cut, source, transition: joined ? cut.transition : undissolved(cut.transition) };
  });
}

/** No dissolve: what it would need of the shot on the other side is anybody's. */
export const undissolved = (transition: Cut['transition']) => (transition?.kind === 'crossfade' ? null : transition);

/** What is left of takes beside the moments that locked cuts show, their dissolves with each other included. */
export function takesWithout(takes: readonly Take[], locked: readonly Cut[]): Take[] {
  let left = [...takes];
  for (const [i, { source, sourceFrame, sourceFrames }] of locked.entries()) {
    const { before, after } = handlesOf(locked, i);
    const start = sourceFrame - before;
    const end = sourceFrame + sourceFrames + after;
    left = left.flatMap((take) => {
      if (take.clip !== source || take.endFrame <= start || take.startFrame >= end) return [take];
      const parts = [
        { ...take, endFrame: Math.max(take.startFrame, start) },
        { ...take, startFrame: Math.min(take.endFrame, end) },
      ];
      return parts.filter(({ startFrame, endFrame }) => endFrame > startFrame);
    });
  }
  return left;
}
