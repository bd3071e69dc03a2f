import type { Style } from '../../shared/style.ts';
import { bestMoment } from './moments.ts';
import type { Random } from './random.ts';
import type { Take } from './takes.ts';

export interface ChoiceInputs {
  takes: readonly Take[];
  /** Clips that must be seen. */
  musts: ReadonlySet<number>;
  /** Source frames that each slot needs, handles included. */
  needs: readonly number[];
  /** How tense the montage is at each slot, 0 to 1. */
  tensions: readonly number[];
  /** An assignment with room for everything, to start from. */
  takeOf: readonly number[];
  shots: Style['shots'];
  random: Random;
}

/** Prices of what is never wanted, each well above all that taste can pay. */
const PRICE = {
  /** A clip that must be seen isn't. */
  unseen: 300,
  /** Two neighbours from one clip where there are others; from one take it is less bad, for such shots can be joined. */
  sameClip: 100,
  sameTake: 70,
  /** Two neighbours from one take where there is only one clip. */
  jump: 20,
  /** A clip seen again before all were seen. */
  earlyRepeat: 60,
  /** A shot that gives more cuts than the style allows, for each one more. */
  overused: 30,
} as const;
const WEIGHT = { continuity: 0.5, matchCuts: 0.6, freshness: 0.25, variety: 0.8 } as const;
/** Cuts between two from the same clip below which it is felt to be back too soon. */
const VARIETY_CUTS: Readonly<Record<Style['shots']['variety'], number>> = {
  minimal: 1,
  low: 2,
  medium: 3,
  high: 5,
  maximum: 10,
};
const FULL_COLOUR_DISTANCE = 60;
const TENSION_LEVELS = 6;
const NEED_STEPS_AN_OCTAVE = 6;
const FEW_CLIPS = 4;
const MOST_ROUNDS = 180_000;
const HOT = 1;
/** From here on the best found so far is kept; before, it changes all the time. */
const WARM = 0.1;
const COLD = 0.01;

/**
 * Which take each slot is cut from. Maximises, over the whole montage,
 *
 *   Σ worth of each slot's best moment in its take (see `momentWorth`)
 *   − Σ over neighbours (continuity × difference in colour + matchCuts × difference in motion)
 *   − freshness × how unevenly clips and shots are used − variety × how soon a clip comes back
 *   − the prices of what is never wanted,
 *
 * without ever giving a take more slots than it has room for. Found by simulated annealing (Kirkpatrick, Gelatt and Vecchi
 * 1983): slots move to other takes, trade theirs, or a run of them is turned round, for the better always, for the worse ever
 * more rarely.
 *
 * @returns the index of a take for each slot.
 */
export function chooseTakes(inputs: ChoiceInputs): number[] {
  const { takes, needs, random } = inputs;
  const cast = new Cast(inputs);
  const slots = needs.length;
  const rounds = slots < 2 && takes.length < 2 ? 0 : Math.min(MOST_ROUNDS, 6_000 + 500 * slots);
  // With few clips a repeat can't be mended where it is: the whole run up to the next one has to be turned round.
  const turnShare = new Set(takes.map((take) => take.clip)).size <= FEW_CLIPS ? 0.1 : 0;
  let best = cast.takes();
  let bestGain = 0;
  let gain = 0;
  for (let round = 0; round < rounds; round++) {
    const heat = HOT * (COLD / HOT) ** (round / rounds);
    const slot = Math.floor(random() * slots);
    const kind = random();
    const anySlot = Math.floor(random() * slots);
    const change =
      kind < turnShare
        ? cast.turn(Math.min(slot, anySlot), Math.max(slot, anySlot))
        : kind < 0.5
          ? cast.trade(slot, anySlot)
          : cast.move(slot, Math.floor(random() * takes.length));
    if (change === null) continue;
    if (change >= 0 || random() < Math.exp(change / heat)) {
      gain += change;
      if (gain > bestGain + 1e-9 && heat < WARM) {
        bestGain = gain;
        best = cast.takes();
      }
    } else cast.undo();
  }
  return gain > bestGain ? cast.takes() : best;
}

/** How many neighbours come from the same clip. */
export function sameClipNeighbours(takes: readonly Take[], takeOf: readonly number[]): number {
  return takeOf.filter((take, i) => i > 0 && takes[take]?.clip === takes[takeOf[i - 1] ?? -1]?.clip).length;
}

/** What two neighbouring shots lose by being unlike each other. */
export function clash(before: Take, after: Take, shots: Style['shots']): number {
  const [l, a, b] = before.shot.colour;
  const [l2, a2, b2] = after.shot.colour;
  // Not Math.hypot, which is many times slower, and this is asked millions of times.
  const distance = Math.sqrt((l - l2) ** 2 + (a - a2) ** 2 + (b - b2) ** 2);
  const colour = Math.min(1, distance / FULL_COLOUR_DISTANCE);
  const motion = Math.abs(before.ranks.motion - after.ranks.motion);
  return WEIGHT.continuity * shots.continuity * colour + WEIGHT.matchCuts * shots.matchCuts * motion;
}

/** An assignment that knows what a change of it would gain. */
class Cast {
  readonly #inputs: ChoiceInputs;
  readonly #takeOf: number[];
  readonly #room: number[];
  readonly #takeUses: number[];
  readonly #clipUses = new Map<number, number>();
  readonly #firstRoundUses = new Map<number, number>();
  readonly #clips: number;
  readonly #firstRound: number;
  readonly #fairUses: number;
  readonly #worths = new Map<number, number>();
  #undo: [slot: number, take: number][] = [];

  constructor(inputs: ChoiceInputs) {
    this.#inputs = inputs;
    const { takes, needs, takeOf } = inputs;
    this.#clips = new Set(takes.map((take) => take.clip)).size;
    this.#firstRound = Math.min(needs.length, this.#clips);
    this.#fairUses = Math.max(1, needs.length / this.#clips);
    this.#takeOf = needs.map(() => -1);
    this.#room = takes.map((take) => take.endFrame - take.startFrame);
    this.#takeUses = takes.map(() => 0);
    for (const [slot, take] of takeOf.entries()) this.#place(slot, take);
  }

  takes(): number[] {
    return [...this.#takeOf];
  }

  /** Gives a slot another take. Returns what that gains, or null when it can't be. */
  move(slot: number, take: number): number | null {
    const old = this.#takeOf[slot] ?? -1;
    if (old === take || (this.#room[take] ?? 0) < (this.#inputs.needs[slot] ?? 0)) return null;
    this.#undo = [[slot, old]];
    return this.#change(slot, take);
  }

  /** Lets two slots trade their takes. Returns what that gains, or null when it can't be. */
  trade(a: number, b: number): number | null {
    const takeA = this.#takeOf[a] ?? -1;
    const takeB = this.#takeOf[b] ?? -1;
    const more = (this.#inputs.needs[a] ?? 0) - (this.#inputs.needs[b] ?? 0);
    if (takeA === takeB || (this.#room[takeB] ?? 0) < more || (this.#room[takeA] ?? 0) < -more) return null;
    this.#undo = [
      [a, takeA],
      [b, takeB],
    ];
    return this.#change(a, takeB) + this.#change(b, takeA);
  }

  /** Lets the slots from `a` to `b` have their takes in the opposite order. Returns what that gains, or null when it can't be. */
  turn(a: number, b: number): number | null {
    const run = this.#takeOf.slice(a, b + 1);
    this.#undo = run.map((take, i) => [a + i, take]);
    let gain = 0;
    for (const [i, take] of run.reverse().entries()) gain += this.#change(a + i, take);
    if (run.every((take) => (this.#room[take] ?? 0) >= 0)) return gain;
    this.undo();
    return null;
  }

  /** Takes the last change back. */
  undo(): void {
    for (const [slot, take] of this.#undo) {
      this.#lift(slot);
      this.#place(slot, take);
    }
  }

  #change(slot: number, take: number): number {
    const before = this.#valueOf(slot);
    this.#lift(slot);
    this.#place(slot, take);
    return this.#valueOf(slot) - before;
  }

  #place(slot: number, take: number): void {
    const clip = this.#inputs.takes[take]?.clip ?? -1;
    this.#takeOf[slot] = take;
    this.#room[take] = (this.#room[take] ?? 0) - (this.#inputs.needs[slot] ?? 0);
    this.#takeUses[take] = (this.#takeUses[take] ?? 0) + 1;
    this.#clipUses.set(clip, (this.#clipUses.get(clip) ?? 0) + 1);
    if (slot < this.#firstRound) this.#firstRoundUses.set(clip, (this.#firstRoundUses.get(clip) ?? 0) + 1);
  }

  #lift(slot: number): void {
    const take = this.#takeOf[slot] ?? -1;
    const clip = this.#inputs.takes[take]?.clip ?? -1;
    this.#room[take] = (this.#room[take] ?? 0) + (this.#inputs.needs[slot] ?? 0);
    this.#takeUses[take] = (this.#takeUses[take] ?? 0) - 1;
    this.#clipUses.set(clip, (this.#clipUses.get(clip) ?? 0) - 1);
    if (slot < this.#firstRound) this.#firstRoundUses.set(clip, (this.#firstRoundUses.get(clip) ?? 0) - 1);
  }

  /** All parts of the objective that change when this slot's take does. */
  #valueOf(slot: number): number {
    const { takes, musts, shots } = this.#inputs;
    const index = this.#takeOf[slot] ?? -1;
    const take = takes[index];
    if (!take) return 0;
    const clipUses = this.#clipUses.get(take.clip) ?? 0;
    const takeUses = this.#takeUses[index] ?? 0;
    let value = this.#worth(slot, index);
    if (clipUses === 1 && musts.has(take.clip)) value += PRICE.unseen;
    for (const side of [-1, 1]) {
      const neighbour = this.#takeOf[slot + side] ?? -1;
      const other = takes[neighbour];
      if (!other) continue;
      value -= side < 0 ? clash(other, take, shots) : clash(take, other, shots);
      if (this.#clips === 1) value -= neighbour === index ? PRICE.jump : 0;
      else if (other.clip === take.clip) value -= neighbour === index ? PRICE.sameTake : PRICE.sameClip;
    }
    value -= this.#returns(slot, take.clip);
    // The price of the last use, so that a difference of two values is what that use costs.
    value -= WEIGHT.freshness * shots.freshness * ((clipUses - 1) / this.#fairUses + (takeUses - 1));
    if (takeUses > shots.maxReuse) value -= PRICE.overused;
    if (slot < this.#firstRound && (this.#firstRoundUses.get(take.clip) ?? 0) > 1) value -= PRICE.earlyRepeat;
    return value;
  }

  /** What it costs that the clip is seen again within the cuts around this slot. */
  #returns(slot: number, clip: number): number {
    const { takes, shots } = this.#inputs;
    const reach = Math.min(VARIETY_CUTS[shots.variety], this.#clips - 1);
    let cost = 0;
    for (let off = 2; off <= reach; off++) {
      const price = WEIGHT.variety * (1 - (off - 1) / reach);
      if (takes[this.#takeOf[slot - off] ?? -1]?.clip === clip) cost += price;
      if (takes[this.#takeOf[slot + off] ?? -1]?.clip === clip) cost += price;
    }
    return cost;
  }

  /** Worth of the take's best moment for the slot, remembered for lengths and tensions near each other. */
  #worth(slot: number, index: number): number {
    const { takes, needs, tensions, shots } = this.#inputs;
    const take = takes[index];
    if (!take) return 0;
    const step = Math.round(Math.log2(needs[slot] ?? 1) * NEED_STEPS_AN_OCTAVE);
    const level = Math.round((tensions[slot] ?? 0.5) * (TENSION_LEVELS - 1));
    const key = (index * 256 + step) * TENSION_LEVELS + level;
    const known = this.#worths.get(key);
    if (known !== undefined) return known;
    const frames = Math.min(take.endFrame - take.startFrame, Math.round(2 ** (step / NEED_STEPS_AN_OCTAVE)));
    const worth = bestMoment(take, Math.max(1, frames), level / (TENSION_LEVELS - 1), shots)?.worth ?? 0;
    this.#worths.set(key, worth);
    return worth;
  }
}
