/** Farther than this from its place, a picture is sought anew; nearer, it hurries or dawdles until it is there. */
const FAR_SECONDS = 0.3;
/** Nearer than this is left alone. */
const NEAR_SECONDS = 0.003;
/** A picture that is being corrected stays so until it is near; one that isn't is let be until it is this far off. */
const OFF_SECONDS = 0.008;
/** Share of the way back that is made good in a second, as if speed were the same all along. */
const HURRY = 8;
const MOST = 0.5;
const STEP = 0.01;

/**
 * How fast to play a file that is `behind` seconds of its own behind its place (before it where negative), whose usual speed is
 * `usual` and which plays at `now`. Null: it is too far off to get there by playing.
 */
export function pace(behind: number, usual: number, now: number): number | null {
  const off = Math.abs(behind);
  if (off > FAR_SECONDS * Math.max(1, usual)) return null;
  const isCorrecting = Math.abs(now - usual) > STEP / 2;
  if (off < (isCorrecting ? NEAR_SECONDS : OFF_SECONDS)) return usual;
  const more = Math.max(-MOST, Math.min(MOST, (behind * HURRY) / usual));
  return usual * (1 + Math.round(more / STEP) * STEP);
}
