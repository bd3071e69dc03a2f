import { type FrameRate, framesPerSecond, secondsAt } from '../../shared/frame-rate.ts';
import type { Style } from '../../shared/style.ts';
import { tensionAt } from './arc.ts';
import { chooseTakes, sameClipNeighbours } from './choice.ts';
import { type Fitted, fitToFootage, type Need, needsOf, wholeOf } from './fitting.ts';
import { mergeRepeats } from './merge-repeats.ts';
import type { Rhythm, Slot } from './pacing.ts';
import { placeInTake, type Tenant } from './placement.ts';
import { randomStream } from './random.ts';
import type { SongEnergy } from './song-energy.ts';
import type { Take } from './takes.ts';
import { transitionsFor } from './transitions.ts';

export interface SceneInputs {
  rhythm: Rhythm;
  takes: readonly Take[];
  /** Clips that must be seen. */
  musts: ReadonlySet<number>;
  style: Style;
  energy: SongEnergy;
  frameRate: FrameRate;
  frames: number;
  speed: number;
  seed: number;
}

/** Slots with the takes and the frames that fill them. */
export interface Staged extends Fitted {
  needs: Need[];
  tensions: number[];
  /** First shown source frame of each slot. */
  sourceFrames: number[];
}

/** Neighbours out of one take are kept this far apart where there is room, so that the cut is seen. */
const GAP_SECONDS = 1;
/** How much slower clips may be played to spare the eye a cut from a clip to itself. */
const SPARE_STEPS = 4;
const SPARE_STEP = 0.02;
const SPARE_SLOWEST = 0.9;
/** How often takes are chosen anew after shots were joined. */
const CASTING_ROUNDS = 3;

/** Fills a rhythm with footage, or null when the clips have no room for it. */
export function stage(inputs: SceneInputs): Staged | null {
  const { takes, speed } = inputs;
  let best = castAt(inputs, speed);
  if (!best) return null;
  // Slower only helps where room is what keeps neighbours from other clips.
  for (let step = 1; step <= SPARE_STEPS && best.repeats > 0 && !roomy(best.fitted, takes); step++) {
    const slower = speed - step * SPARE_STEP;
    const next = slower < SPARE_SLOWEST ? null : castAt(inputs, slower);
    if (!next) break;
    if (next.repeats < best.repeats) best = next;
  }
  return place(best.fitted, inputs);
}

interface Casting {
  fitted: Fitted;
  /** Neighbours from one clip, where there are others. */
  repeats: number;
}

/** Takes for all slots at a speed, with as few neighbours from one clip as can be had by choosing and joining in turn. */
function castAt(inputs: SceneInputs, speed: number): Casting | null {
  const { rhythm, takes, musts, style, frameRate, seed, energy } = inputs;
  const start = fitToFootage({
    rhythm,
    takes,
    musts,
    frameRate,
    minClipSeconds: style.shots.minClipSeconds,
    speed,
    transitionsFor: (slots, crossfadeScale) =>
      transitionsFor(slots, { style, energy, frameRate, seed, crossfadeScale }),
  });
  if (!start) return null;
  const manyClips = new Set(takes.map((take) => take.clip)).size > 1;
  const repeatsOf = ({ takeOf }: Fitted) => (manyClips ? sameClipNeighbours(takes, takeOf) : 0);
  const longest = style.shots.maxClipSeconds * framesPerSecond(frameRate);
  let fitted = start;
  for (let round = 0; round < CASTING_ROUNDS; round++) {
    fitted = { ...fitted, takeOf: cast(fitted, inputs, round) };
    if (repeatsOf(fitted) === 0) break;
    fitted = mergeRepeats(fitted, takes, longest);
    if (repeatsOf(fitted) === 0) break;
  }
  return { fitted, repeats: repeatsOf(fitted) };
}

function cast(fitted: Fitted, inputs: SceneInputs, round: number): number[] {
  return chooseTakes({
    takes: inputs.takes,
    musts: inputs.musts,
    needs: needsOf(fitted.slots, fitted.transitions, fitted.speed).map(wholeOf),
    tensions: tensionsOf(fitted.slots, inputs),
    takeOf: fitted.takeOf,
    shots: inputs.style.shots,
    random: randomStream(inputs.seed, `choice ${round}`),
  });
}

/** How tense the montage is over each slot: half the arc, half the song. */
function tensionsOf(slots: readonly Slot[], { style, energy, frameRate, frames }: SceneInputs): number[] {
  return slots.map(({ frame, frames: length }) => {
    const arc = tensionAt(style.arc, (frame + length / 2) / frames);
    return (arc + energy(secondsAt(frame, frameRate), secondsAt(frame + length, frameRate))) / 2;
  });
}

/** Whether the clips hold far more than is needed. */
function roomy(fitted: Fitted, takes: readonly Take[]): boolean {
  const supply = takes.reduce((sum, take) => sum + take.endFrame - take.startFrame, 0);
  const needed = needsOf(fitted.slots, fitted.transitions, fitted.speed).reduce((sum, need) => sum + wholeOf(need), 0);
  return supply > needed * 2;
}

function place(fitted: Fitted, inputs: SceneInputs): Staged {
  const { takes, style, frameRate } = inputs;
  const needs = needsOf(fitted.slots, fitted.transitions, fitted.speed);
  const tensions = tensionsOf(fitted.slots, inputs);
  const tenants: Tenant[][] = takes.map(() => []);
  for (const [slot, need] of needs.entries()) {
    tenants[fitted.takeOf[slot] ?? -1]?.push({ slot, need, tension: tensions[slot] ?? 0.5 });
  }
  const gapFrames = Math.round(GAP_SECONDS * framesPerSecond(frameRate));
  const sourceFrames: number[] = [];
  for (const [index, take] of takes.entries()) {
    for (const [slot, frame] of placeInTake(take, tenants[index] ?? [], style.shots, gapFrames)) {
      sourceFrames[slot] = frame;
    }
  }
  return { ...fitted, needs, tensions, sourceFrames };
}
