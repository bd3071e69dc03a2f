import type { Shot } from '../../shared/analysis.ts';
import { withoutBlanks } from './blanks.ts';
import type { Boundary } from './boundary.ts';
import { findCuts } from './cuts.ts';
import { findDissolves } from './dissolves.ts';
import type { Features } from './features.ts';

export type ShotRange = Pick<Shot, 'startFrame' | 'endFrame' | 'opens'> & {
  /** Without the frames of gradual changes on either side, which show two shots; never empty. */
  cleanStart: number;
  cleanEnd: number;
};

/** The boundaries between the shots of a clip, in order. */
export function findBoundaries(features: Features, framesPerSecond: number): Boundary[] {
  const cuts = findCuts(features, framesPerSecond);
  const edges = [0, ...cuts, features.frames];
  const boundaries = edges.flatMap((start, i): Boundary[] => {
    const end = edges[i + 1];
    if (end === undefined) return [];
    const cut: Boundary[] = i === 0 ? [] : [{ frame: start, opens: 'cut', first: start, last: start }];
    const dissolves = findDissolves(features, start, end, framesPerSecond);
    return [
      ...cut,
      ...dissolves.map(
        ({ first, last }): Boundary => ({
          frame: (first + last + 1) >> 1,
          opens: 'gradual',
          first,
          last,
        }),
      ),
    ];
  });
  return withoutBlanks(boundaries, features, framesPerSecond);
}

/** The shots between the boundaries: they cover all frames without gap or overlap, each with at least one frame. */
export function shotsBetween(boundaries: readonly Boundary[], frames: number): ShotRange[] {
  const inside = boundaries.filter(({ frame }, i) => frame > (boundaries[i - 1]?.frame ?? 0) && frame < frames);
  return [null, ...inside].map((boundary, i) => {
    const next = inside[i];
    const [startFrame, endFrame] = [boundary?.frame ?? 0, next?.frame ?? frames];
    const cleanStart = Math.min(boundary?.last ?? 0, endFrame - 1);
    const cleanEnd = Math.min(
      endFrame,
      Math.max(cleanStart + 1, next && next.opens === 'gradual' ? next.first + 1 : endFrame),
    );
    return { startFrame, endFrame, opens: boundary?.opens ?? 'start', cleanStart, cleanEnd };
  });
}
