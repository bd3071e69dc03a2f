import type { Asked } from '../../../../shared/api/operations.ts';
import { type Format, ORDER_LIMITS, type Quality, USUAL_ORDER } from '../../../../shared/request.ts';
import type { StyleOverrides } from '../../../../shared/styles/overrides.ts';
import { secondsIn } from '../clock.ts';

/** What a person has chosen, as it stands in the fields. */
export interface Choices {
  readonly style: string;
  /** What of the style is to be another way. */
  readonly set: StyleOverrides;
  /** Null: as most clips are. */
  readonly format: Format | null;
  /** As typed; empty is the song's length. */
  readonly length: string;
  readonly quality: Quality;
  readonly title: string;
  /** As typed; empty is the usual one. */
  readonly seed: string;
}

/** What a person gets who chooses nothing. */
export const USUAL: Choices = {
  style: USUAL_ORDER.style,
  set: {},
  format: null,
  length: '',
  quality: USUAL_ORDER.quality,
  title: '',
  seed: '',
};

/** Seconds of the length field; null when it is empty, 'wrong' when it says no length that can be. */
export function lengthOf({ length }: Choices): number | null | 'wrong' {
  if (length.trim() === '') return null;
  const seconds = secondsIn(length);
  return seconds !== null && seconds >= ORDER_LIMITS.leastSeconds && seconds <= ORDER_LIMITS.mostSeconds
    ? seconds
    : 'wrong';
}

/** The number of the seed field; null when it is empty, 'wrong' when it is none. */
export function seedOf({ seed }: Choices): number | null | 'wrong' {
  if (seed.trim() === '') return null;
  return /^\d+$/.test(seed.trim()) && Number(seed) <= ORDER_LIMITS.mostSeed ? Number(seed) : 'wrong';
}

/** What keeps a montage from being asked for, in the order in which a person would mend it. */
export type Obstacle = 'clips and song' | 'clips' | 'usable clips' | 'song' | 'style' | 'length' | 'seed';

/** How many there are to make a montage of. */
interface Material {
  clips: number;
  /** Those in which nothing was found yet that keeps them from being used. */
  usable: number;
  songs: number;
}

/** What is missing or wrong; null when a montage can be asked for. `isStyle`: the style can be as it is set. */
export function obstacle(choices: Choices, isStyle: boolean, { clips, usable, songs }: Material): Obstacle | null {
  if (clips === 0) return songs === 0 ? 'clips and song' : 'clips';
  if (usable === 0) return 'usable clips';
  if (songs === 0) return 'song';
  if (!isStyle) return 'style';
  if (lengthOf(choices) === 'wrong') return 'length';
  return seedOf(choices) === 'wrong' ? 'seed' : null;
}

/**
 * The request of a montage: the set's clips by name, so that nobody has to wait whether more arrive, and of a song, unless the one
 * that fits best is to be taken.
 */
export function requestOf(
  choices: Choices,
  set: string,
  clips: readonly string[],
  song: string | null,
  wishes: Asked<'createJob'>['body']['wishes'] = {},
): Asked<'createJob'>['body'] {
  const seconds = lengthOf(choices);
  const seed = seedOf(choices);
  const title = choices.title.trim();
  return {
    footageSet: set,
    style: choices.style,
    quality: choices.quality,
    ...(Object.keys(choices.set).length > 0 && { set: choices.set }),
    ...(clips.length <= ORDER_LIMITS.clips && { clips: [...clips] }),
    ...(Object.keys(wishes).length > 0 && { wishes }),
    ...(song !== null && { music: song }),
    ...(choices.format && { format: choices.format }),
    ...(typeof seconds === 'number' && { durationSeconds: seconds }),
    ...(typeof seed === 'number' && { seed }),
    ...(title !== '' && { title }),
  };
}
