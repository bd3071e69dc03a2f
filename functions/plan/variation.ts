import type { Style } from '../../shared/style.ts';
import type { Random } from './random.ts';

const FIBONACCI = [8, 5, 3, 2, 1, 1] as const;
const PHRASE_BEATS = 16;

/** How much longer (above 1) or shorter the cut that starts at a beat of the montage is wanted than its pace says. */
export type Variation = (beat: number) => number;

/**
 * minimal: none. moderate, high: by up to 2^±0.45, 2^±0.9, one draw a bar. chaotic: by up to 2^±1.6, one draw a beat.
 * fibonacci: runs of 8, 5, 3, 2, 1, 1 in turn. ramp_up: from twice as long at the start to half as long at the end.
 * crescendo: every phrase of 16 beats starts long and ends short.
 */
export function variationOf(kind: Style['pacing']['variation'], totalBeats: number, random: Random): Variation {
  switch (kind) {
    case 'minimal':
      return () => 1;
    case 'moderate':
      return drawn(totalBeats, 4, 0.45, random);
    case 'high':
      return drawn(totalBeats, 4, 0.9, random);
    case 'chaotic':
      return drawn(totalBeats, 1, 1.6, random);
    case 'fibonacci':
      return fibonacciRuns(totalBeats);
    case 'ramp_up':
      return (beat) => 2 ** (1 - (2 * beat) / Math.max(1, totalBeats));
    case 'crescendo':
      return (beat) => 2 ** (0.9 - (1.8 * (((beat % PHRASE_BEATS) + PHRASE_BEATS) % PHRASE_BEATS)) / PHRASE_BEATS);
  }
}

function drawn(totalBeats: number, everyBeats: number, octaves: number, random: Random): Variation {
  const draws = Array.from(
    { length: Math.ceil(totalBeats / everyBeats) + 2 },
    () => 2 ** ((random() * 2 - 1) * octaves),
  );
  return (beat) => draws[Math.max(0, Math.floor(beat / everyBeats))] ?? 1;
}

/** Each piece of a run is as long as its number says, so the number at a beat is that of the piece it lies in. */
function fibonacciRuns(totalBeats: number): Variation {
  const mean = FIBONACCI.reduce((sum, value) => sum + value, 0) / FIBONACCI.length;
  const ofBeat: number[] = [];
  for (let i = 0; ofBeat.length < totalBeats + 8; i++) {
    const length = FIBONACCI[i % FIBONACCI.length] ?? 1;
    for (let beat = 0; beat < length; beat++) ofBeat.push(length / mean);
  }
  return (beat) => ofBeat[Math.max(0, Math.floor(beat))] ?? 1;
}
