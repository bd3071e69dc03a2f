/** Standard deviation, near enough, of the strongest grain in levels of 255. */
const MOST_LEVELS = 22;

/** How strong a grain of 0 to 1 is, in levels of 255. */
export const grainLevel = (amount: number): number => (amount > 0 ? Math.max(1, Math.round(amount * MOST_LEVELS)) : 0);

interface GrainOptions {
  /** Another one, other grain, from 0 to 2³¹ - 1; what ffmpeg has of its own without it. */
  seed?: number;
  /** Which pictures get it, counted from 0, `to` exclusive; all without it. */
  on?: { from: number; to: number };
}

/** The filter that adds grain of so many levels to the brightness of 8-bit pictures, another on each. */
export function grain(level: number, { seed, on }: GrainOptions = {}): string {
  // ffmpeg takes no notice of c0_seed.
  const seeded = seed === undefined ? '' : `all_seed=${seed}:`;
  const when = on ? `:enable='between(n,${on.from},${on.to - 1})'` : '';
  return `noise=${seeded}c0_strength=${level}:c0_flags=t${when}`;
}
