import { framesPerSecond } from '../../../shared/frame-rate.ts';
import { segmentsOf } from '../../../shared/segments.ts';
import type { Timeline } from '../../../shared/timeline.ts';

/** What each segment reads of which source, handles included, as [source key, first frame, last frame exclusive]. */
function readsOf(timeline: Timeline): [key: string, from: number, to: number][] {
  return timeline.cuts.map((cut, i) => {
    const next = timeline.cuts[i + 1];
    const speed = cut.sourceFrames / cut.frames;
    const before = cut.transition?.kind === 'crossfade' ? Math.ceil(cut.transition.inFrames * speed) : 0;
    const after = next?.transition?.kind === 'crossfade' ? Math.ceil(next.transition.outFrames * speed) : 0;
    return [
      timeline.sources[cut.source]?.key ?? '',
      cut.sourceFrame - before,
      cut.sourceFrame + cut.sourceFrames + after,
    ];
  });
}

/** Pairs of cuts that show the same material. */
export function repeatedMoments(timeline: Timeline): [number, number][] {
  const reads = readsOf(timeline);
  return reads.flatMap(([key, from, to], i) =>
    reads
      .slice(0, i)
      .flatMap(([otherKey, otherFrom, otherTo], j): [number, number][] =>
        key === otherKey && from < otherTo && otherFrom < to ? [[j, i]] : [],
      ),
  );
}

/** Pieces, dissolves included, that the renderer would read from outside the shot they belong to. */
export function readsOutsideShots(
  timeline: Timeline,
  shotsOf: (key: string) => readonly { startSeconds: number; endSeconds: number }[],
) {
  const rate = framesPerSecond(timeline.frameRate);
  return segmentsOf(timeline)
    .flatMap(({ main, from }) => (from ? [main, from] : [main]))
    .filter(
      (piece) =>
        !shotsOf(piece.key).some(
          (shot) =>
            piece.sourceFrame / rate >= shot.startSeconds - 1e-3 &&
            (piece.sourceFrame + piece.sourceFrames) / rate <= shot.endSeconds + 1e-3,
        ),
    );
}

/** Lengths of all cuts in seconds. */
export const lengths = (timeline: Timeline) =>
  timeline.cuts.map((cut) => cut.frames / framesPerSecond(timeline.frameRate));

/** Cuts from a clip to itself. */
export const sameClipNeighbours = ({ cuts }: Timeline) =>
  cuts.filter((cut, i) => i > 0 && cut.source === cuts[i - 1]?.source).length;

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
