import type { MusicAnalysis } from '../../shared/analysis.ts';
import { type FrameRate, framesPerSecond, nearestFrame, secondsAt } from '../../shared/frame-rate.ts';
import { Refusal } from '../../shared/refusal.ts';
import { SLOWEST_SPEED } from '../../shared/timeline.ts';

export interface LengthInputs {
  music: MusicAnalysis;
  musicFile: string;
  /** What the request asks for; undefined leaves it to the music. */
  durationSeconds: number | undefined;
  /** Frames that the clips can show, all together. */
  supplyFrames: number;
  frameRate: FrameRate;
}

export interface MontageLength {
  frames: number;
  /** The fastest that the clips can be played to last so long, 1 when they hold enough. */
  speed: number;
  notes: string[];
}

/**
 * How long the montage is: as asked, else as long as the music. Clips that hold less are slowed evenly, to 0.8 at most; hold
 * they still less, the montage ends earlier in the music, unless its length was asked for.
 *
 * @throws {Refusal} when more is asked for than the music or the clips hold.
 */
export function montageLength(inputs: LengthInputs): MontageLength {
  const { music, musicFile, durationSeconds, supplyFrames, frameRate } = inputs;
  const musicFrames = Math.max(1, nearestFrame(music.durationSeconds, frameRate));
  const asked = durationSeconds === undefined ? musicFrames : Math.max(1, nearestFrame(durationSeconds, frameRate));
  if (asked > musicFrames + 1) {
    throw new Refusal(
      `A montage of ${inSeconds(durationSeconds ?? 0)} was asked for, but ${musicFile} lasts ${inSeconds(music.durationSeconds)}: ask for less or choose longer music`,
    );
  }
  const frames = Math.min(asked, musicFrames);
  if (supplyFrames >= frames) return { frames, speed: 1, notes: [] };
  const slow = Math.floor((1000 * supplyFrames) / frames) / 1000;
  if (slow >= SLOWEST_SPEED) return { frames, speed: slow, notes: [] };
  return earlierLength(inputs);
}

/** Speeds down to this one are no price for an end at a good place in the music. */
const GENTLE_SPEED = 0.93;
/** A good place in the music is worth leaving out this share of the footage: a section's end, a downbeat, a beat. */
const WORTH_LEAVING = { section: 0.15, downbeat: 0.1, beat: 0.3 } as const;

/**
 * The best end of the music that comes before `beforeFrames`: a section's, else a downbeat, else a beat, each only where
 * not too much of the clips is left out, and of these the one nearest to what the clips hold.
 *
 * @throws {Refusal} when a length was asked for, saying what the clips hold.
 */
export function earlierLength(inputs: LengthInputs, beforeFrames = Number.POSITIVE_INFINITY): MontageLength {
  const { music, durationSeconds, supplyFrames, frameRate } = inputs;
  const held = secondsAt(supplyFrames, frameRate);
  if (durationSeconds !== undefined) {
    const longest = Math.floor(Math.min(secondsAt(beforeFrames, frameRate), held / SLOWEST_SPEED));
    throw new Refusal(
      `The clips hold ${inSeconds(held)} to show, too little for the ${inSeconds(durationSeconds)} asked for: add clips${
        longest >= 1 ? ` or ask for at most ${longest} s` : ''
      }`,
    );
  }
  const mostFrames = Math.min(beforeFrames, supplyFrames / GENTLE_SPEED);
  const whole = Math.min(supplyFrames, mostFrames);
  const nearest = (times: readonly number[], leaving: number) =>
    times
      .map((time) => nearestFrame(time, frameRate))
      .filter((frame) => frame >= whole * (1 - leaving) && frame <= mostFrames && frame > 0)
      .sort((a, b) => Math.abs(a - whole) - Math.abs(b - whole))[0];
  const sectionEnds = music.sections.map((section) => section.end);
  const beats = music.beats.map((beat) => beat.time);
  const downbeats = music.beats.filter((beat) => beat.downbeat).map((beat) => beat.time);
  const frames =
    nearest(sectionEnds, WORTH_LEAVING.section) ??
    nearest(downbeats, WORTH_LEAVING.downbeat) ??
    nearest(beats, WORTH_LEAVING.beat) ??
    Math.max(1, Math.floor(whole));
  return {
    frames,
    speed: Math.min(1, Math.floor((1000 * supplyFrames) / frames) / 1000),
    notes: [
      `The clips hold ${inSeconds(held)} to show, so the montage ends at ${onTheClock(secondsAt(frames, frameRate))}; add clips to fill the song.`,
    ],
  };
}

const FADE_SECONDS = 2;
const LONGEST_FADE_SHARE = 0.15;

/** Frames over which the music fades when the montage ends before it does: two seconds, less for a short montage. */
export function fadeOutFrames(frames: number, music: MusicAnalysis, rate: FrameRate): number {
  if (frames >= nearestFrame(music.durationSeconds, rate)) return 0;
  return Math.max(1, Math.round(Math.min(FADE_SECONDS * framesPerSecond(rate), frames * LONGEST_FADE_SHARE)));
}

/** Whole seconds from ten on, tenths below. */
function inSeconds(seconds: number): string {
  const rounded = seconds >= 10 ? Math.round(seconds) : Math.round(seconds * 10) / 10;
  return `${rounded} s`;
}

function onTheClock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
