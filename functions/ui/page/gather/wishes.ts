import { signal } from '@preact/signals';
import type { ClipWish } from '../../../../shared/request.ts';

/** What is wanted of a clip in the next montage. */
export interface Wish {
  readonly must: boolean;
  /** The ends of the only part that may be shown, in seconds; null is the clip's own. */
  readonly from: number | null;
  readonly to: number | null;
}

const NOTHING: Wish = { must: false, from: null, to: null };
/** A part is no shorter than this: less of a clip can hardly be seen. */
export const SHORTEST_PART_SECONDS = 0.4;

/** By the ids of clips; of those that aren't named nothing is wanted. */
export const wishes = signal<ReadonlyMap<string, Wish>>(new Map());

export const wishOf = (id: string): Wish => wishes.value.get(id) ?? NOTHING;

/** Whether not all of the clip may be shown. */
export const isPart = ({ from, to }: Wish): boolean => from !== null || to !== null;

/** Wants something of a clip, in the place of what was wanted before. */
export function wish(id: string, change: Partial<Wish>): void {
  wishes.value = new Map(wishes.value).set(id, { ...wishOf(id), ...change });
}

/** A wish with one end of its part moved, which pushes the other where the part would be too short. */
export function withEnd(wish: Wish, end: 'from' | 'to', at: number, durationSeconds: number): Wish {
  const shortest = Math.min(SHORTEST_PART_SECONDS, durationSeconds);
  const from = wish.from ?? 0;
  const to = wish.to ?? durationSeconds;
  const [start, stop] =
    end === 'from'
      ? [Math.min(at, durationSeconds - shortest), Math.max(to, at + shortest)]
      : [Math.min(from, at - shortest), Math.max(at, shortest)];
  return {
    ...wish,
    from: start > 0 ? thousandths(start) : null,
    to: stop < durationSeconds ? thousandths(stop) : null,
  };
}

const thousandths = (seconds: number) => Math.round(seconds * 1000) / 1000;

/** The wishes as a request has them, by key; clips that have none yet are left away. */
export function wishesAsked(
  clips: readonly { id: string; key: string | null }[],
  all: ReadonlyMap<string, Wish>,
): Record<string, Partial<ClipWish>> {
  return Object.fromEntries(
    clips.flatMap(({ id, key }) => {
      const { must, from, to } = all.get(id) ?? NOTHING;
      if (key === null || (!must && from === null && to === null)) return [];
      const wish = {
        ...(must && { use: 'must' as const }),
        ...(from !== null && { fromSeconds: from }),
        ...(to !== null && { toSeconds: to }),
      };
      return [[key, wish]];
    }),
  );
}
