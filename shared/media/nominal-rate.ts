import { type FrameRate, framesPerSecond, rateFrom, STANDARD_RATES } from '../frame-rate.ts';

const SLOWEST = 0.5;
const FASTEST = 300;
/** Rates nearer to each other than this are the same rate, written with rounded times. */
const SAME = 0.005;

const isSane = (rate: number) => rate >= SLOWEST && rate <= FASTEST;
const isNear = (a: number, b: number) => Math.abs(a / b - 1) < SAME;

/**
 * The constant rate to take a clip as, from what ffprobe says of it.
 *
 * @param rates `base`: the least rate that can express all the times (`r_frame_rate`); `average`: pictures over length
 *   (`avg_frame_rate`); both a second, 0 when unknown.
 * @returns for a variable clip the rate that its times were dropped from, or the lowest standard one that isn't below its
 *   average, so that hardly a picture is lost; null when the numbers make no sense.
 */
export function nominalRate(rates: {
  base: number;
  average: number;
  interlaced: boolean;
}): { frameRate: FrameRate; isVariable: boolean } | null {
  const { base, average, interlaced } = rates;
  if (!isSane(average)) return null;
  if (isSane(base) && isNear(base, average)) return { frameRate: rateFrom(base), isVariable: false };
  // An interlaced clip's base rate counts fields.
  if (interlaced && isNear(base, average * 2)) return { frameRate: rateFrom(average), isVariable: false };
  // Phones that drop pictures keep the times of the full rate; else the base is only the clock's resolution.
  const full =
    isSane(base) && base < average * 2.5 && STANDARD_RATES.find((rate) => isNear(base, framesPerSecond(rate)));
  if (full) return { frameRate: rateFrom(base), isVariable: true };
  const enough = STANDARD_RATES.find((rate) => framesPerSecond(rate) > average * (1 - 2 * SAME));
  return { frameRate: enough ?? rateFrom(average), isVariable: true };
}

/** Both rates by the pictures' times in seconds, in any order: the base is that of the commonest gap. */
export function measuredRates(times: readonly number[]): { base: number; average: number } {
  const ordered = [...times].sort((a, b) => a - b);
  const gaps = ordered.slice(1).map((time, i) => time - (ordered[i] ?? time));
  const median = [...gaps].sort((a, b) => a - b)[gaps.length >> 1] ?? 0;
  const length = (ordered.at(-1) ?? 0) - (ordered[0] ?? 0);
  return { base: median > 0 ? 1 / median : 0, average: length > 0 ? gaps.length / length : 0 };
}
