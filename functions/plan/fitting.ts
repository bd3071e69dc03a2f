import { type FrameRate, framesPerSecond, secondsAt } from '../../shared/frame-rate.ts';
import { SLOWEST_SPEED, type Transition } from '../../shared/timeline.ts';
import type { GridPoint } from './grid.ts';
import type { Rhythm, Slot } from './pacing.ts';
import { pack, type Unfit } from './packing.ts';
import type { Take } from './takes.ts';

const SPEED_STEP = 0.01;
const LEAST_PART_FRAMES = 6;
const CROSSFADE_SCALES = [1, 0.5] as const;

export interface FittingInputs {
  rhythm: Rhythm;
  takes: readonly Take[];
  frameRate: FrameRate;
  /** Clips that must be seen. */
  musts: ReadonlySet<number>;
  minClipSeconds: number;
  /** The fastest speed to try, 0.8 to 1. */
  speed: number;
  /** How slots are entered, with crossfades at a share of their wanted length. */
  transitionsFor: (slots: readonly Slot[], crossfadeScale: number) => (Transition | null)[];
}

/** Slots that the clips have room for. */
export interface Fitted {
  slots: Slot[];
  transitions: (Transition | null)[];
  /** Source frames a timeline frame, 1 or a little less. */
  speed: number;
  /** A take for each slot, so that no two slots need the same material. */
  takeOf: number[];
}

/** What a slot takes of its source, in frames: the handle before it, itself, the handle after it. */
export interface Need {
  before: number;
  shown: number;
  after: number;
}

/**
 * Makes room for every slot, or null when the clips don't hold that much. In order of what is given up: nothing; crossfades'
 * length; crossfades; long shots (split at a beat, none shorter than the style's least); speed; the least length; and last
 * the beat. For a clip that must be seen and is shorter than every slot, one is split, be the part shorter than the style's least.
 * Whoever calls has seen that the clips hold enough at the slowest speed.
 */
export function fitToFootage(inputs: FittingInputs): Fitted | null {
  const { minClipSeconds, frameRate } = inputs;
  const least = Math.max(LEAST_PART_FRAMES, minClipSeconds * framesPerSecond(frameRate));
  if (inputs.speed === 1) {
    for (const scale of CROSSFADE_SCALES) {
      const fitted = fitAt(inputs, 1, scale, { least, onGrid: true, even: true });
      if (fitted) return fitted;
    }
  }
  for (const rule of [
    { least, onGrid: true, even: true },
    { least, onGrid: true },
    { least: LEAST_PART_FRAMES, onGrid: true },
    { least: LEAST_PART_FRAMES, onGrid: false },
  ]) {
    for (let step = 0; inputs.speed - step * SPEED_STEP > SLOWEST_SPEED - SPEED_STEP; step++) {
      const speed = Math.max(SLOWEST_SPEED, inputs.speed - step * SPEED_STEP);
      const fitted = fitAt(inputs, speed, 0, rule);
      if (fitted) return fitted;
    }
  }
  return null;
}

/** Frames of the source that each slot needs with its share of the transitions around it. */
export function needsOf(slots: readonly Slot[], transitions: readonly (Transition | null)[], speed: number): Need[] {
  const handle = (transition: Transition | null | undefined, side: 'inFrames' | 'outFrames') =>
    transition?.kind === 'crossfade' ? Math.ceil(transition[side] * speed) + (speed < 1 ? 1 : 0) : 0;
  return slots.map((slot, i) => ({
    before: handle(transitions[i], 'inFrames'),
    // Rounding must not make a short shot slower than any may be.
    shown: Math.max(Math.round(slot.frames * speed), Math.ceil(slot.frames * SLOWEST_SPEED)),
    after: handle(transitions[i + 1], 'outFrames'),
  }));
}

export const wholeOf = ({ before, shown, after }: Need) => before + shown + after;

interface SplitRule {
  /** No part is shorter, in frames. */
  least: number;
  /** Whether a split must fall on a place that the music offers. */
  onGrid: boolean;
  /** Whether both parts must be a third of the whole at least. */
  even?: boolean;
}

/** How a slot is split for a clip that must be seen: what is given up for it, one after the other. */
const RULES_FOR_UNSEEN: readonly (Pick<SplitRule, 'onGrid'> & Partial<SplitRule>)[] = [
  { onGrid: true },
  { least: LEAST_PART_FRAMES, onGrid: true },
  { least: LEAST_PART_FRAMES, onGrid: false },
];

function fitAt(inputs: FittingInputs, speed: number, crossfadeScale: number, rule: SplitRule): Fitted | null {
  const { takes, rhythm, musts, transitionsFor } = inputs;
  const rooms = takes.map((take) => take.endFrame - take.startFrame);
  const clipOf = takes.map((take) => take.clip);
  const clips = new Set(clipOf).size;
  let slots = rhythm.slots;
  for (;;) {
    const transitions = transitionsFor(slots, crossfadeScale);
    const needs = needsOf(slots, transitions, speed);
    const { takeOf, unfit, unseen } = pack(needs.map(wholeOf), rooms, clipOf, Math.min(slots.length, clips), musts);
    const cuts = new Map<number, GridPoint>();
    const split = ({ slot: index, room }: Unfit, by: SplitRule, mostHandles = Number.POSITIVE_INFINITY): boolean => {
      const slot = slots[index];
      if (!slot) return false;
      const handles = Math.min(mostHandles, (needs[index]?.before ?? 0) + (needs[index]?.after ?? 0));
      const most = Math.floor((room - handles - 0.5) / speed + (speed === 1 ? 0.5 : 0));
      const at = splitPoint(slot, most, by, rhythm.grid, inputs.frameRate);
      if (at) cuts.set(index, at);
      return at !== null;
    };
    for (const each of unfit) split(each, rule);
    for (const each of unseen) {
      // A crossfade takes no more than half of a shot, half of it on each side: a third of all that is read, however short it is.
      const handles = Math.ceil(each.room / 3);
      if (!cuts.has(each.slot)) RULES_FOR_UNSEEN.some((by) => split(each, { least: rule.least, ...by }, handles));
    }
    if (cuts.size === 0) return unfit.length === 0 ? { slots, transitions, speed, takeOf } : null;
    slots = slots.flatMap((slot, i) => {
      const at = cuts.get(i);
      return at ? splitAt(slot, at) : [slot];
    });
  }
}

/** The latest place to split a slot so that its first part is at most `most` frames long, or null. */
function splitPoint(
  slot: Slot,
  most: number,
  { least, onGrid, even = false }: SplitRule,
  grid: readonly GridPoint[],
  rate: FrameRate,
): GridPoint | null {
  const shortest = Math.max(least, even ? slot.frames / 3 : 0);
  const first = slot.frame + shortest;
  const last = Math.min(slot.frame + most, slot.frame + slot.frames - shortest);
  if (onGrid) {
    const places = grid.filter(({ frame }) => frame >= first && frame <= last);
    return (even ? places.findLast(({ downbeat }) => downbeat) : undefined) ?? places.at(-1) ?? null;
  }
  if (last < first) return null;
  const frame = Math.floor(last);
  return {
    ...slot.start,
    frame,
    seconds: secondsAt(frame, rate),
    kind: 'pulse',
    downbeat: false,
    phrase: false,
    opens: null,
  };
}

function splitAt(slot: Slot, at: GridPoint): Slot[] {
  const head = at.frame - slot.frame;
  return [
    { ...slot, frames: head },
    { frame: at.frame, frames: slot.frames - head, start: at },
  ];
}
