/** Further apart than this, a video is put where it should be; nearer, it is brought there by playing it faster or slower. */
const TOO_FAR_SECONDS = 0.3;
const MOST_BY_SPEED = 0.15;

/** What brings a video into step with a clock. */
export interface Correction {
  readonly seekTo: number | null;
  readonly rate: number;
}

/** How a video at `seconds` gets into step with the clock, to within half a frame. */
export function inStep(clock: number, seconds: number, frameSeconds: number): Correction {
  const late = clock - seconds;
  if (Math.abs(late) > TOO_FAR_SECONDS) return { seekTo: clock, rate: 1 };
  if (Math.abs(late) <= frameSeconds / 2) return { seekTo: null, rate: 1 };
  return { seekTo: null, rate: 1 + Math.max(-MOST_BY_SPEED, Math.min(MOST_BY_SPEED, late)) };
}
