import type { Style } from '../../shared/style.ts';
import type { Why, WhyHere, WhyShot } from '../../shared/why.ts';
import type { Slot } from './pacing.ts';
import type { Take } from './takes.ts';

export interface Explained {
  slot: Slot;
  /** Counted in cuts. */
  index: number;
  last: boolean;
  take: Take;
  /** All takes of the same clip. */
  siblings: readonly Take[];
  /** Motion of the moment among all footage, 0 to 1, and the montage's tension there. */
  motion: number;
  tension: number;
  shots: Style['shots'];
  /** The only cut of a clip that must be seen. */
  wanted: boolean;
}

/** Why this shot, and why here, by the plan's own numbers. */
export const explain = (explained: Explained): Why => ({
  here: whyHere(explained),
  shot: explained.wanted ? { kind: 'wanted' } : merit(explained),
});

function whyHere({ slot: { start }, index, last: toEnd }: Explained): WhyHere {
  const { opens, downbeat, phrase } = start;
  if (index === 0) return { kind: 'start', opens };
  switch (start.kind) {
    case 'beat':
      return { kind: 'beat', downbeat, phrase, opens, toEnd };
    case 'half':
      return { kind: 'half beat', toEnd };
    case 'pulse':
      return { kind: 'between beats', opens, toEnd };
  }
}

/** What speaks most for the take: what the style weighs, times how far above the other shots this one is. */
function merit({ take, siblings, motion, tension, shots }: Explained): WhyShot {
  const { ranks } = take;
  const most = (of: keyof Take['ranks']) =>
    siblings.length > 1 && siblings.every((other) => other.ranks[of] <= ranks[of]);
  const merits: { weight: number; why: WhyShot }[] = [
    { weight: shots.action * (ranks.motion - 0.5), why: { kind: 'motion', most: most('motion') } },
    { weight: shots.wide * (ranks.spread - 0.5), why: { kind: 'width', most: most('spread') } },
    { weight: shots.symmetry * (ranks.symmetry - 0.5), why: { kind: 'symmetry', most: most('symmetry') } },
    { weight: 0.4 * (ranks.sharpness - 0.5), why: { kind: 'sharpness', most: most('sharpness') } },
    {
      weight: 0.5 * (1 - Math.abs(motion - tension)) - 0.3,
      why: {
        kind: 'pace',
        motion: motion < 0.4 ? 'calm' : motion > 0.65 ? 'lively' : 'unhurried',
        music: tension < 0.4 ? 'quiet' : tension > 0.65 ? 'intense' : 'in between',
      },
    },
  ];
  const best = merits.reduce((strongest, next) => (next.weight > strongest.weight ? next : strongest));
  return best.weight > 0 ? best.why : { kind: 'fits between' };
}
