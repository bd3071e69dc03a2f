import { TruePeaks } from './true-peak.ts';

/** EBU R 128 / BS.1770-4: blocks of 400 ms that start every 100 ms. */
export const LOUDNESS_HOP_SECONDS = 0.1;
const HOPS_A_BLOCK = 4;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
const OFFSET_LUFS = -0.691;
/** Weights of 5 and 5.1 channels in ffmpeg's order (FL FR FC [LFE] BL BR): surrounds count 1.41, the LFE not at all. */
const WEIGHTS: Readonly<Record<number, readonly number[]>> = { 5: [1, 1, 1, 1.41, 1.41], 6: [1, 1, 1, 0, 1.41, 1.41] };

/**
 * Loudness of a programme after ITU-R BS.1770-4 and EBU R 128: K-weighted, gated, in LUFS; and its true peak in dBTP.
 * Takes interleaved samples (full scale ±1) in pieces of any size; memory grows by 80 bytes a second.
 */
export class LoudnessMeter {
  readonly #channels: number;
  readonly #hopFrames: number;
  readonly #filters: KWeighting[];
  readonly #weights: readonly number[];
  readonly #truePeaks: TruePeaks | null;
  #hopEnergies: number[] = [];
  /** Of the hop that has begun, by channel: added up sample by sample, so that the size of the pieces leaves no trace. */
  readonly #energies: Float64Array;
  #framesInHop = 0;
  #peak = 0;

  /** Without `truePeak` the peak isn't followed, which is most of the cost. */
  constructor(sampleRate: number, channels: number, { truePeak = true }: { truePeak?: boolean } = {}) {
    this.#channels = channels;
    this.#hopFrames = Math.round(sampleRate * LOUDNESS_HOP_SECONDS);
    this.#filters = Array.from({ length: channels }, () => new KWeighting(sampleRate));
    this.#energies = new Float64Array(channels);
    this.#weights = WEIGHTS[channels] ?? Array<number>(channels).fill(1);
    this.#truePeaks = truePeak ? new TruePeaks(channels) : null;
  }

  push(interleaved: Float32Array): void {
    const frames = Math.floor(interleaved.length / this.#channels);
    for (let start = 0; start < frames; ) {
      const end = Math.min(frames, start + this.#hopFrames - this.#framesInHop);
      this.#filters.forEach((filter, channel) => {
        const before = this.#energies[channel] as number;
        this.#energies[channel] = filter.energyOf(interleaved, channel, this.#channels, start, end, before);
      });
      this.#framesInHop += end - start;
      if (this.#framesInHop === this.#hopFrames) {
        const energy = this.#energies.reduce((sum, each, i) => sum + (this.#weights[i] as number) * each, 0);
        this.#hopEnergies.push(energy / this.#hopFrames);
        this.#energies.fill(0);
        this.#framesInHop = 0;
      }
      start = end;
    }
    if (!this.#truePeaks) return;
    for (const peak of this.#truePeaks.push(interleaved, this.#peak)) if (peak > this.#peak) this.#peak = peak;
  }

  /**
   * Gated loudness of what was pushed, or of what lies between two times in it, to 0.1 s; −Infinity for silence and for less
   * than 400 ms.
   */
  integratedLufs(fromSeconds = 0, toSeconds = Number.POSITIVE_INFINITY): number {
    return gatedLufs(
      this.#hopEnergies.slice(
        Math.round(fromSeconds / LOUDNESS_HOP_SECONDS),
        Math.round(toSeconds / LOUDNESS_HOP_SECONDS),
      ),
    );
  }

  /** K-weighted mean square, summed over channels, of every whole hop so far. */
  hopPowers(): Float32Array {
    return Float32Array.from(this.#hopEnergies);
  }

  /** Largest true peak of all that was pushed, in dB of full scale; −Infinity for silence. */
  truePeakDb(): number {
    if (!this.#truePeaks) throw new Error('This meter was made without true peak');
    return 20 * Math.log10(Math.max(this.#peak, this.#truePeaks.tail()));
  }
}

/** Two-stage gated loudness of hop energies (mean squares, K-weighted, summed over channels). */
function gatedLufs(hopEnergies: readonly number[]): number {
  const blocks = hopEnergies
    .slice(HOPS_A_BLOCK - 1)
    .map((_, i) => mean(hopEnergies.slice(i, i + HOPS_A_BLOCK)))
    .filter((energy) => lufsOf(energy) > ABSOLUTE_GATE_LUFS);
  const threshold = lufsOf(mean(blocks)) + RELATIVE_GATE_LU;
  return lufsOf(mean(blocks.filter((energy) => lufsOf(energy) > threshold)));
}

/** Loudness of a K-weighted mean square that is summed over channels; −Infinity for none. */
export function lufsOf(power: number): number {
  return OFFSET_LUFS + 10 * Math.log10(power);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

/**
 * The K filter of BS.1770-4 (a high shelf for the head, then a high pass) for one channel at any sample rate: the analogue
 * prototypes behind the standard's 48 kHz coefficients, by bilinear transform, as in libebur128.
 */
class KWeighting {
  readonly #shelf: readonly [number, number, number, number, number];
  readonly #highPass: readonly [number, number];
  readonly #state = new Float64Array(4);

  constructor(sampleRate: number) {
    const shelfGain = 10 ** (3.999843853973347 / 20);
    const shelfMiddle = shelfGain ** 0.4996667741545416;
    const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
    const q = 0.7071752369554196;
    const scale = 1 + k / q + k * k;
    this.#shelf = [
      (shelfGain + (shelfMiddle * k) / q + k * k) / scale,
      (2 * (k * k - shelfGain)) / scale,
      (shelfGain - (shelfMiddle * k) / q + k * k) / scale,
      (2 * (k * k - 1)) / scale,
      (1 - k / q + k * k) / scale,
    ];
    const passK = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
    const passQ = 0.5003270373238773;
    const passScale = 1 + passK / passQ + passK * passK;
    this.#highPass = [(2 * (passK * passK - 1)) / passScale, (1 - passK / passQ + passK * passK) / passScale];
  }

  /** `before` and the squares of one channel's weighted samples from frame `start` to before `end`, added up. */
  energyOf(
    interleaved: Float32Array,
    channel: number,
    channels: number,
    start: number,
    end: number,
    before: number,
  ): number {
    const [b0, b1, b2, a1, a2] = this.#shelf;
    const [p1, p2] = this.#highPass;
    let [s1, s2, h1, h2] = this.#state as unknown as [number, number, number, number];
    let sum = before;
    for (let n = start; n < end; n++) {
      const x = interleaved[n * channels + channel] as number;
      // Both sections in transposed direct form II; the tiny offset keeps decaying states out of slow denormals.
      const shelved = b0 * x + s1;
      s1 = b1 * x - a1 * shelved + s2 + 1e-25;
      s2 = b2 * x - a2 * shelved;
      const y = shelved + h1;
      h1 = -2 * shelved - p1 * y + h2;
      h2 = shelved - p2 * y;
      sum += y * y;
    }
    this.#state.set([s1, s2, h1, h2]);
    return sum;
  }
}
