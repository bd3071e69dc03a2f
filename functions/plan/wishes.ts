import type { ClipWish } from '../../shared/request.ts';
import type { Timeline } from '../../shared/timeline.ts';
import type { PlanInputs } from './inputs.ts';
import type { Shown, Take } from './takes.ts';

/** The clips with the stretches of them that a person lets be shown. */
export function shownClips({ request, clips }: PlanInputs): Shown[] {
  return clips.map(({ ref, analysis }) => ({ analysis, stretch: stretchOf(request.wishes[ref.key]) }));
}

function stretchOf(wish: ClipWish | undefined): Shown['stretch'] {
  if (wish?.fromSeconds === undefined && wish?.toSeconds === undefined) return null;
  return { fromSeconds: wish.fromSeconds ?? 0, toSeconds: wish.toSeconds ?? Number.POSITIVE_INFINITY };
}

/** Indices of the clips that must be seen and have something to show. */
export function mustsOf({ request, clips }: PlanInputs, takes: readonly Take[]): Set<number> {
  return new Set(takes.map(({ clip }) => clip).filter((clip) => wishOf(request, clips, clip)?.use === 'must'));
}

/** Clips of which nothing is left by the stretch that was wished for. */
export function emptyStretches(inputs: PlanInputs, takes: readonly Take[]): Timeline['rejected'] {
  const withTakes = new Set(takes.map(({ clip }) => clip));
  return shownClips(inputs).flatMap(({ stretch }, clip) => {
    if (!stretch || withTakes.has(clip)) return [];
    const where = Number.isFinite(stretch.toSeconds)
      ? `between ${stretch.fromSeconds} s and ${stretch.toSeconds} s`
      : `from ${stretch.fromSeconds} s on`;
    return [
      {
        file: inputs.clips[clip]?.ref.file ?? '',
        reason: `Nothing ${where} can be shown: it is too short, black or no part of the clip.`,
      },
    ];
  });
}

/** What is said of wishes that the montage could not follow. */
export function unmetWishes(inputs: PlanInputs, musts: ReadonlySet<number>, cuts: Timeline['cuts']): string[] {
  const { request, clips } = inputs;
  const seen = new Set(cuts.map(({ source }) => source));
  const known = new Set(clips.map(({ ref }) => ref.key));
  return [
    ...[...musts]
      .filter((clip) => !seen.has(clip))
      .map((clip) => `${clips[clip]?.ref.file} was to be seen, but the montage has no cut short enough for it.`),
    ...Object.entries(request.wishes)
      .filter(([key, { use }]) => use === 'must' && !known.has(key) && !isRejected(inputs, key))
      .map(([key]) => `${key} was to be seen, but is none of the clips.`),
  ];
}

const isRejected = ({ rejected }: PlanInputs, key: string) =>
  rejected.some(({ file }) => key.slice(key.indexOf('/') + 1) === file);

const wishOf = (request: PlanInputs['request'], clips: PlanInputs['clips'], clip: number) =>
  request.wishes[clips[clip]?.ref.key ?? ''];
