import type { Style } from '../../shared/style.ts';
import type { Slot } from './pacing.ts';
import type { Take } from './takes.ts';

export interface Explained {
  slot: Slot;
  /** Counted in cuts. */
  index: number;
  last: boolean;
  take: Take;
  file: string;
  /** All takes of the same clip. */
  siblings: readonly Take[];
  /** Motion of the moment among all footage, 0 to 1, and the montage's tension there. */
  motion: number;
  tension: number;
  shots: Style['shots'];
  /** The only cut of a clip that must be seen. */
  wanted: boolean;
}

/** Why this shot, and why here, in one sentence: "on the downbeat that opens the drop; the shot with the most motion in beach.mp4". */
export function explain(explained: Explained): string {
  const { wanted, file } = explained;
  return `${place(explained)}; ${wanted ? `you want ${file} to be seen` : merit(explained)}`;
}

function place({ slot: { start }, index, last }: Explained): string {
  const section = start.opens ? ` that opens the ${start.opens}` : '';
  if (index === 0) return `opens the montage${start.opens ? ` with the ${start.opens}` : ''}`;
  const ending = last ? ', held to the end' : '';
  switch (start.kind) {
    case 'beat':
      if (start.downbeat && section) return `on the downbeat${section}${ending}`;
      if (start.phrase) return `on the downbeat of a new phrase${ending}`;
      return `on the ${start.downbeat ? 'downbeat' : 'beat'}${section}${ending}`;
    case 'half':
      return `on the half beat${ending}`;
    case 'pulse':
      return start.opens
        ? `where the ${start.opens} starts${ending}`
        : `between beats, where the music leaves room${ending}`;
  }
}

/** What speaks most for the take: what the style weighs, times how far above the other shots this one is. */
function merit({ take, file, siblings, motion, tension, shots }: Explained): string {
  const alone = siblings.length < 2;
  const top = (of: (other: Take) => number) => !alone && siblings.every((other) => of(other) <= of(take));
  const { ranks } = take;
  const merits = [
    {
      weight: shots.action * (ranks.motion - 0.5),
      text: top((other) => other.ranks.motion)
        ? `the shot with the most motion in ${file}`
        : `a lively moment of ${file}`,
    },
    {
      weight: shots.wide * (ranks.spread - 0.5),
      text: top((other) => other.ranks.spread) ? `the widest view in ${file}` : `a wide view from ${file}`,
    },
    {
      weight: shots.symmetry * (ranks.symmetry - 0.5),
      text: top((other) => other.ranks.symmetry) ? `the most symmetric shot of ${file}` : `a symmetric shot of ${file}`,
    },
    {
      weight: 0.4 * (ranks.sharpness - 0.5),
      text: top((other) => other.ranks.sharpness) ? `the sharpest shot of ${file}` : `a crisp moment of ${file}`,
    },
    {
      weight: 0.5 * (1 - Math.abs(motion - tension)) - 0.3,
      text: `${motion < 0.4 ? 'a calm' : motion > 0.65 ? 'a lively' : 'an unhurried'} moment of ${file}, ${
        tension < 0.4 ? 'as quiet as the music' : tension > 0.65 ? 'as intense as the music' : 'in step with the music'
      }`,
    },
  ];
  const best = merits.reduce((strongest, next) => (next.weight > strongest.weight ? next : strongest));
  return best.weight > 0 ? best.text : `the moment of ${file} that fits best between its neighbours`;
}
