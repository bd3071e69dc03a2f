import { join } from 'node:path';
import type { Style } from '../../shared/style.ts';
import { type Loudness, loudnessOf, writeFinished } from './finished.ts';
import { inspectMontage } from './inspect.ts';
import { joinSegments } from './join.ts';
import { master } from './master.ts';
import { recordMix, type SoundInputs } from './sound.ts';

/** AAC puts peaks a little higher than they were; what is more than this is found by measuring and taken away. */
const HEADROOM_DB = 0.6;
const LOUDNESS_TOLERANCE_LU = 0.3;
const MOST_ENCODES = 5;
/** A correction aims this far below the ceiling, so that it isn't missed again by a hair. */
const PEAK_MARGIN_DB = 0.1;

export interface MontageInputs extends SoundInputs {
  /** The finished segments, or what they were made larger in, in order: paths and lengths. */
  pieces: readonly { path: string; frames: number }[];
  /** Where the montage is written: an MP4. */
  out: string;
}

export interface Montage {
  frames: number;
  durationSeconds: number;
  /** Measured on the finished file; silence counts as −70 LUFS and −70 dBTP. */
  loudness: Loudness;
}

/**
 * Joins the segments without touching their pictures, adds the sound at the style's loudness, and checks what came out.
 * The sound is encoded, measured as a player decodes it, and encoded again until it is within 0.3 LU and under the peak
 * ceiling; only sound too sparse to be that loud stays below.
 *
 * @throws {Error} saying what is off when the finished file isn't as planned.
 */
export async function assembleMontage(inputs: MontageInputs): Promise<Montage> {
  const { timeline, pieces, scratch, out, signal } = inputs;
  const wanted = timeline.style.sound;
  const [picture, mix] = await Promise.all([
    joinSegments(pieces, timeline.frameRate, scratch, signal),
    recordMix(inputs),
  ]);
  let aim: Aim = { targetLufs: wanted.targetLufs, ceilingDb: wanted.truePeakDb - HEADROOM_DB };
  for (let encode = 1; ; encode++) {
    const sound = await master(mix, join(scratch, 'master.f32'), aim.targetLufs, aim.ceilingDb);
    await writeFinished({ picture, sound: sound.path, timeline, out, signal });
    const loudness = await loudnessOf(out, signal);
    const next = correctedAim(aim, sound.lufs, loudness, wanted);
    if (!next) {
      const durationSeconds = await inspectMontage(out, timeline, signal);
      return { frames: timeline.frames, durationSeconds, loudness };
    }
    if (encode === MOST_ENCODES) {
      const { integratedLufs, truePeakDb } = loudness;
      throw new Error(`The sound came out at ${integratedLufs} LUFS and ${truePeakDb} dBTP after ${encode} encodes`);
    }
    aim = next;
  }
}

/** What the sound is mastered to before it is encoded. */
interface Aim {
  targetLufs: number;
  ceilingDb: number;
}

/** What to master to instead, so that the encoded sound comes out as wanted; null when it has. */
export function correctedAim(
  aim: Aim,
  masteredLufs: number,
  heard: Loudness,
  wanted: Pick<Style['sound'], 'targetLufs' | 'truePeakDb'>,
): Aim | null {
  const overDb = heard.truePeakDb - wanted.truePeakDb;
  const addedLu = heard.integratedLufs - masteredLufs;
  const off = Math.abs(heard.integratedLufs - wanted.targetLufs) > LOUDNESS_TOLERANCE_LU;
  // What the master itself couldn't reach, no other aim will; only what the encoder changed can be made good.
  const missedByEncoder = off && Math.abs(masteredLufs - aim.targetLufs) <= LOUDNESS_TOLERANCE_LU;
  if (overDb <= 0 && !missedByEncoder) return null;
  return {
    targetLufs: missedByEncoder ? wanted.targetLufs - addedLu : aim.targetLufs,
    ceilingDb: overDb > 0 ? aim.ceilingDb - overDb - PEAK_MARGIN_DB : aim.ceilingDb,
  };
}
