/** How far the rendering, or the upscaling, had got at a moment. */
export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly madeFrames: number;
}

/** Seconds left at the least and at the most; the two are one number when it is known well. */
export interface TimeLeft {
  readonly least: number;
  readonly most: number;
}

/** The samples with another one, kept only where something was finished since the last. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  return samples.at(-1)?.madeFrames === sample.madeFrames ? samples : [...samples, sample];
}

/** Share of the frames from which on, and finished pieces from which on, the speed so far is a good measure of what is to come. */
const KNOWN_WELL = { share: 1 / 3, pieces: 6 };

/**
 * How long it takes on, from the frames finished over time. Null while nothing was finished since the first sample, and when
 * nothing is left. Few pieces make a wide range: their times differ by about as much as their mean.
 */
export function timeLeft(samples: readonly Sample[], frames: number, now: number): TimeLeft | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at <= first.at) return null;
  const made = last.madeFrames - first.madeFrames;
  const left = frames - last.madeFrames;
  if (made <= 0 || left <= 0) return null;
  // Time since the last piece has gone into the next one, so it counts against what is left.
  const whole = (left * (last.at - first.at)) / made / 1000;
  const since = (now - last.at) / 1000;
  const seconds = Math.max(whole - since, since > whole ? since - whole : 0);
  const pieces = samples.length - 1;
  if (pieces >= KNOWN_WELL.pieces && made / frames >= KNOWN_WELL.share) return { least: seconds, most: seconds };
  const doubt = 0.8 / Math.sqrt(pieces);
  return { least: seconds / (1 + doubt), most: seconds * (1 + doubt) };
}

/** A number of seconds as coarse as it is known: fives below a minute, then whole minutes. */
export function rounded(seconds: number): { value: number; unit: 's' | 'min' } {
  if (seconds < 57.5) return { value: Math.max(5, Math.round(seconds / 5) * 5), unit: 's' };
  return { value: Math.max(1, Math.round(seconds / 60)), unit: 'min' };
}
