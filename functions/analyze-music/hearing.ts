import { LoudnessMeter } from '../../shared/media/loudness.ts';
import { AttackMeter } from './attacks.ts';
import { COLOUR_RATE, COLOUR_WINDOW, ColourMeter, type SoundColour } from './colour.ts';
import { ONSET_RATE, ONSET_WINDOW, OnsetMeter, type OnsetStrength } from './onsets.ts';
import { Windows } from './windows.ts';

/** All that is kept of a song's sound: about 10 kB a second, whatever is asked of it later. */
export interface Heard {
  durationSeconds: number;
  onsets: OnsetStrength;
  /** Rise of the envelope, `ATTACK_RATE` values a second. */
  attacks: Float32Array;
  colour: SoundColour;
  /** K-weighted mean square of each `LOUDNESS_HOP_SECONDS`. */
  loudness: Float32Array;
  /** Integrated; −Infinity for silence. */
  loudnessLufs: number;
}

/** Listens to interleaved stereo sound once, from its first sample to its last, or until it is longer than `longestSeconds`. */
export async function hear(
  blocks: AsyncIterable<Float32Array>,
  sampleRate: number,
  longestSeconds: number,
): Promise<Heard> {
  const loudness = new LoudnessMeter(sampleRate, 2, { truePeak: false });
  const attacks = new AttackMeter(sampleRate);
  const onsets = new OnsetMeter(sampleRate);
  const colour = new ColourMeter(sampleRate);
  const windows = [
    new Windows(ONSET_WINDOW, sampleRate / ONSET_RATE, (samples, offset) => onsets.take(samples, offset)),
    new Windows(COLOUR_WINDOW, sampleRate / COLOUR_RATE, (samples, offset) => colour.take(samples, offset)),
  ];
  let frames = 0;
  for await (const stereo of blocks) {
    loudness.push(stereo);
    const mono = new Float32Array(stereo.length / 2);
    for (let n = 0; n < mono.length; n++) {
      mono[n] = ((stereo[2 * n] as number) + (stereo[2 * n + 1] as number)) / 2;
    }
    frames += mono.length;
    attacks.push(mono);
    for (const window of windows) window.push(mono);
    if (frames > longestSeconds * sampleRate) break;
  }
  for (const window of windows) window.end();
  return {
    durationSeconds: frames / sampleRate,
    onsets: onsets.strength(),
    attacks: attacks.values(),
    colour: colour.colour(),
    loudness: loudness.hopPowers(),
    loudnessLufs: loudness.integratedLufs(),
  };
}
