import { nearestFrame, secondsAt } from '../frame-rate.ts';
import type { Cut, Timeline } from '../timeline.ts';

/** The frames on which beats of the montage fall, in order. */
export function beatFrames({ beats, frameRate, frames, music }: Timeline): number[] {
  const found = beats.map((seconds) => nearestFrame(seconds, frameRate) - music.sourceFrame);
  return [...new Set(found)].filter((frame) => frame >= 0 && frame < frames).sort((a, b) => a - b);
}

/** The frame `by` beats after a frame: counted from the beat that lies there, else from the one before it. Null where the song has none. */
export function beatAfter(timeline: Timeline, frame: number, by: number): number | null {
  const frames = beatFrames(timeline);
  const at = frames.findLastIndex((beat) => beat <= frame);
  const from = by < 0 && frames[at] !== frame ? at + 1 : at;
  return frames[from + by] ?? null;
}

/** The beat that a cut at a frame falls on. */
export function beatAt({ beats, frameRate, music }: Timeline, frame: number): Cut['beat'] {
  const time = beats.find((seconds) => nearestFrame(seconds, frameRate) - music.sourceFrame === frame);
  if (time === undefined) return null;
  const errorFrames = Math.abs(time / secondsAt(1, frameRate) - music.sourceFrame - frame);
  return { time: Math.round(time * 1e6) / 1e6, errorFrames: Math.round(errorFrames * 1e4) / 1e4 };
}
