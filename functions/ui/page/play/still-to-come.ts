import { fitInto, type Size } from '../../../../shared/fit.ts';
import type { Timeline } from '../../../../shared/timeline.ts';

/** What is only seen or heard of a montage once it is rendered. */
export type StillToCome = 'look' | 'whip pans' | 'filled edges' | 'clip sound';

/** What a browser that cuts the clips themselves can't show of a timeline whose cuts in `solid` are rendered. */
export function stillToCome(timeline: Timeline, solid: ReadonlySet<number>): StillToCome[] {
  const { cuts, sources, style } = timeline;
  const left = cuts.filter((_, i) => !solid.has(i));
  const isGraded = left.some(
    ({ grade }) =>
      (grade.look !== 'none' && grade.intensity > 0) || grade.vignette > 0 || grade.grain > 0 || grade.sharpen > 0,
  );
  const whips = cuts.some(
    ({ transition }, i) => transition?.kind === 'whip_pan' && !(solid.has(i) && (i === 0 || solid.has(i - 1))),
  );
  const isFilled = left.some(({ source }) => {
    const of = sources[source];
    return of && isShownWhole(of, timeline);
  });
  return [
    ...(isGraded ? (['look'] as const) : []),
    ...(whips ? (['whip pans'] as const) : []),
    ...(isFilled ? (['filled edges'] as const) : []),
    ...(style.sound.sourceAudio !== 'mute' && sources.some(({ hasAudio }) => hasAudio)
      ? (['clip sound'] as const)
      : []),
  ];
}

/** Whether a picture is shown whole, with the rest of the frame filled, since too much of it would be cut off. */
export const isShownWhole = (picture: Size, frame: Size): boolean => fitInto(picture, frame).kind === 'whole';
