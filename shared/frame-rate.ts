import { z } from 'zod';

/** A frame rate as an exact fraction in lowest terms, for example "24/1" or "30000/1001" frames a second. */
export const FrameRateSchema = z
  .string()
  .regex(/^[1-9]\d*\/[1-9]\d*$/, 'a frame rate is written like "24/1" or "30000/1001"');
export type FrameRate = z.infer<typeof FrameRateSchema>;

/** The rates that cameras and editors use; anything measured within 0.1 % of one is that one. */
export const STANDARD_RATES: readonly FrameRate[] = [
  '24000/1001',
  '24/1',
  '25/1',
  '30000/1001',
  '30/1',
  '48/1',
  '50/1',
  '60000/1001',
  '60/1',
  '120000/1001',
  '120/1',
];

function parts(rate: FrameRate): [number, number] {
  const [numerator, denominator] = rate.split('/').map(Number);
  return [numerator as number, denominator as number];
}

export function framesPerSecond(rate: FrameRate): number {
  const [numerator, denominator] = parts(rate);
  return numerator / denominator;
}

/** When frame `frame` starts, in seconds. One division, so that no error adds up. */
export function secondsAt(frame: number, rate: FrameRate): number {
  const [numerator, denominator] = parts(rate);
  return (frame * denominator) / numerator;
}

/** The frame whose start is nearest to `seconds`: at most half a frame away. */
export function nearestFrame(seconds: number, rate: FrameRate): number {
  const [numerator, denominator] = parts(rate);
  return Math.round((seconds * numerator) / denominator);
}

/** The exact fraction nearest to a measured rate: a standard one within 0.1 %, else lowest terms of thousandths. */
export function rateFrom(framesPerSecond: number): FrameRate {
  const standard = STANDARD_RATES.map((rate) => ({
    rate,
    off: Math.abs(parts(rate)[0] / parts(rate)[1] / framesPerSecond - 1),
  })).sort((a, b) => a.off - b.off)[0];
  // 24 and 23.976 are themselves 0.1 % apart, so the nearest one wins, not the first within reach.
  if (standard && standard.off < 0.001) return standard.rate;
  const thousandths = Math.max(1, Math.round(framesPerSecond * 1000));
  const divisor = greatestCommonDivisor(thousandths, 1000);
  return `${thousandths / divisor}/${1000 / divisor}`;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
