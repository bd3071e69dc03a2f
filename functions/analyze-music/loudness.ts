import { Series } from './series.ts';

/** Programme loudness is measured in blocks of four of these hops (ITU-R BS.1770: 400 ms with 75 % overlap). */
export const LOUDNESS_HOP_SECONDS = 0.1;

const HOPS_A_BLOCK = 4;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;

interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/** Loudness of one channel-summed mean square. */
export function lufsOf(power: number): number {
  return power > 0 ? -0.691 + 10 * Math.log10(power) : Number.NEGATIVE_INFINITY;
}

/** Measures stereo sound as it comes, by ITU-R BS.1770-4 with the K-weighting recomputed for the sample rate. */
export class LoudnessMeter {
  readonly #hop: number;
  readonly #stages: readonly [Biquad, Biquad];
  /** Two delays for each of two stages for each of two channels. */
  readonly #state = new Float64Array(8);
  readonly #hops = new Series();
  #sum = 0;
  #count = 0;

  constructor(sampleRate: number) {
    this.#hop = Math.round(sampleRate * LOUDNESS_HOP_SECONDS);
    this.#stages = kWeighting(sampleRate);
  }

  /** Takes interleaved stereo samples. */
  push(samples: Float32Array): void {
    const [shelf, pass] = this.#stages;
    const state = this.#state;
    for (let n = 0; n + 1 < samples.length; n += 2) {
      for (let channel = 0; channel < 2; channel++) {
        const at = channel * 4;
        const x = samples[n + channel] as number;
        const y = shelf.b0 * x + (state[at] as number);
        state[at] = shelf.b1 * x - shelf.a1 * y + (state[at + 1] as number);
        state[at + 1] = shelf.b2 * x - shelf.a2 * y;
        const z = pass.b0 * y + (state[at + 2] as number);
        state[at + 2] = pass.b1 * y - pass.a1 * z + (state[at + 3] as number);
        state[at + 3] = pass.b2 * y - pass.a2 * z;
        this.#sum += z * z;
      }
      if (++this.#count === this.#hop) {
        this.#hops.push(this.#sum / this.#hop);
        this.#sum = 0;
        this.#count = 0;
      }
    }
  }

  /** Weighted mean square of every whole hop so far. */
  hops(): Float32Array {
    return this.#hops.values();
  }
}

/** Integrated loudness in LUFS by EBU R 128 from the mean squares of hops, or null when nothing is above −70 LUFS. */
export function integratedLoudness(hops: Float32Array): number | null {
  const blocks: number[] = [];
  for (let n = 0; n + HOPS_A_BLOCK <= hops.length; n++) {
    blocks.push(mean(hops.subarray(n, n + HOPS_A_BLOCK)));
  }
  const audible = blocks.filter((power) => lufsOf(power) > ABSOLUTE_GATE_LUFS);
  if (audible.length === 0) return null;
  const gate = lufsOf(mean(audible)) + RELATIVE_GATE_LU;
  return lufsOf(mean(audible.filter((power) => lufsOf(power) > gate)));
}

function mean(values: Float32Array | number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * The two stages of BS.1770's K filter at any rate: the analogue prototypes behind the standard's 48 kHz coefficients,
 * as worked out by Brecht De Man (Evaluation of implementations of the EBU R128 loudness measurement, AES 145, 2018).
 */
function kWeighting(sampleRate: number): [Biquad, Biquad] {
  const shelf = { frequency: 1681.974450955533, gain: 3.999843853973347, q: 0.7071752369554196 };
  const pass = { frequency: 38.13547087602444, q: 0.5003270373238773 };
  const k = Math.tan((Math.PI * shelf.frequency) / sampleRate);
  const high = 10 ** (shelf.gain / 20);
  const band = high ** 0.4996667741545416;
  const scale = 1 + k / shelf.q + k * k;
  const l = Math.tan((Math.PI * pass.frequency) / sampleRate);
  const passScale = 1 + l / pass.q + l * l;
  return [
    {
      b0: (high + (band * k) / shelf.q + k * k) / scale,
      b1: (2 * (k * k - high)) / scale,
      b2: (high - (band * k) / shelf.q + k * k) / scale,
      a1: (2 * (k * k - 1)) / scale,
      a2: (1 - k / shelf.q + k * k) / scale,
    },
    {
      b0: 1,
      b1: -2,
      b2: 1,
      a1: (2 * (l * l - 1)) / passScale,
      a2: (1 - l / pass.q + l * l) / passScale,
    },
  ];
}
