import { type FrameRate, nearestFrame } from '../../shared/frame-rate.ts';
import type { Style } from '../../shared/style.ts';
import type { Transition } from '../../shared/timeline.ts';
import type { Slot } from './pacing.ts';
import { type Random, randomStream } from './random.ts';
import type { SongEnergy } from './song-energy.ts';

export interface TransitionInputs {
  style: Style;
  energy: SongEnergy;
  frameRate: FrameRate;
  seed: number;
  /** Lengths of crossfades, as a share of what the style wants; 0 leaves none. */
  crossfadeScale: number;
}

/** Where the song is calmer than this, an energy-aware style dissolves. */
const CALM = 0.45;
const MIXED_CROSSFADE_SHARE = 0.4;
const SHORTEST_CROSSFADE_FRAMES = 4;
const DIP_SECONDS = 0.3;
const FLASH_IN_SECONDS = 0.04;
const FLASH_OUT_SECONDS = 0.2;
const WHIP_SECONDS = 0.17;

/** How each slot is entered: null is a plain cut. The first one always is. No transition takes more than half of a shot. */
export function transitionsFor(slots: readonly Slot[], inputs: TransitionInputs): (Transition | null)[] {
  const { style, energy, seed } = inputs;
  const taste = style.transitions;
  const draw = randomStream(seed, 'crossfades');
  const result = slots.map((slot, i): Transition | null => {
    const chance = draw();
    const dissolves =
      taste.type === 'crossfade' ||
      (taste.type === 'energy_aware' && energy(slot.start.seconds - 0.5, slot.start.seconds + 0.5) < CALM) ||
      (taste.type === 'mixed' && chance < MIXED_CROSSFADE_SHARE);
    return i > 0 && dissolves ? crossfade(slots, i, inputs) : null;
  });
  const free = new Set(slots.keys());
  free.delete(0);
  const strew = (share: number, kind: 'dip_to_black' | 'flash' | 'whip_pan', suits: (slot: Slot) => number) => {
    const random = randomStream(seed, kind);
    for (const index of suited(slots, free, Math.round(share * (slots.length - 1)), suits, random)) {
      const transition = plainTransition(kind, slots, index, inputs.frameRate);
      if (!transition) continue;
      result[index] = transition;
      free.delete(index);
    }
  };
  // Black between parts of the song, flashes where it is loudest, whip pans anywhere.
  strew(taste.dipToBlack, 'dip_to_black', (slot) => (slot.start.opens ? 1 : 0) + (slot.start.phrase ? 0.3 : 0));
  strew(taste.flash, 'flash', (slot) => energy(slot.start.seconds, slot.start.seconds + 0.5));
  strew(taste.whipPan, 'whip_pan', () => 0);
  return result;
}

function crossfade(slots: readonly Slot[], index: number, inputs: TransitionInputs): Transition | null {
  const { style, frameRate, crossfadeScale } = inputs;
  const wanted = nearestFrame(style.transitions.seconds * crossfadeScale, frameRate);
  const length = Math.min(wanted, Math.floor(shorterNeighbour(slots, index) / 2));
  if (length < SHORTEST_CROSSFADE_FRAMES) return null;
  const inFrames = length >> 1;
  return { kind: 'crossfade', inFrames, outFrames: length - inFrames };
}

function plainTransition(
  kind: 'dip_to_black' | 'flash' | 'whip_pan',
  slots: readonly Slot[],
  index: number,
  rate: FrameRate,
): Transition | null {
  const most = Math.floor(shorterNeighbour(slots, index) / 4);
  const [inSeconds, outSeconds] =
    kind === 'dip_to_black'
      ? [DIP_SECONDS, DIP_SECONDS]
      : kind === 'flash'
        ? [FLASH_IN_SECONDS, FLASH_OUT_SECONDS]
        : [WHIP_SECONDS, WHIP_SECONDS];
  const inFrames = Math.min(most, Math.max(1, nearestFrame(inSeconds, rate)));
  const outFrames = Math.min(most, Math.max(1, nearestFrame(outSeconds, rate)));
  return inFrames > 0 && outFrames > 0 ? { kind, inFrames, outFrames } : null;
}

function shorterNeighbour(slots: readonly Slot[], index: number): number {
  return Math.min(slots[index - 1]?.frames ?? 0, slots[index]?.frames ?? 0);
}

/** `count` of the free slots, those that suit best first, among equals by lot. */
function suited(
  slots: readonly Slot[],
  free: ReadonlySet<number>,
  count: number,
  suits: (slot: Slot) => number,
  random: Random,
): number[] {
  return [...free]
    .map((index) => ({ index, rank: suits(slots[index] as Slot) + random() }))
    .sort((a, b) => b.rank - a.rank)
    .slice(0, count)
    .map(({ index }) => index);
}
