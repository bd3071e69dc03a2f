import { TruePeaks } from '../../shared/media/true-peak.ts';
import { CHANNELS, SAMPLE_RATE, type Sound } from './pcm.ts';

/** The gain is down when a peak comes, because it began to fall 5 ms before: too slow to be heard as a click. */
const LOOK_AHEAD_FRAMES = SAMPLE_RATE / 200;
const RELEASE_SECONDS = 0.06;
const RELEASE = 1 - Math.exp(-1 / (RELEASE_SECONDS * SAMPLE_RATE));
/** An exponential never arrives; from here on the difference can't be heard or measured. */
const FULLY_RELEASED = 0.99999;
/** Sound is looked at in pieces of this many samples, so that quiet ones cost next to nothing. */
const STRETCH = 512 * CHANNELS;
const LATENCY_FRAMES = LOOK_AHEAD_FRAMES - 1 + TruePeaks.LATENCY_FRAMES;

/**
 * Sound raised by `gain` (linear) whose true peak stays at or below `ceiling` (linear). As long as the input.
 *
 * A look-ahead limiter: the gain that each true peak needs, its running minimum over the look-ahead, an exponential
 * release, and a mean over the look-ahead that makes the gain smooth and still low enough at every peak.
 */
export async function* limited(sound: Sound, gain: number, ceiling: number): AsyncGenerator<Float32Array> {
  const limiter = new Limiter(gain, ceiling);
  let late = LATENCY_FRAMES;
  for await (const block of sound) {
    const out = limiter.process(block);
    const skipped = Math.min(late, out.length / CHANNELS);
    late -= skipped;
    if (skipped * CHANNELS < out.length) yield out.subarray(skipped * CHANNELS);
  }
  const rest = limiter.process(new Float32Array(LATENCY_FRAMES * CHANNELS));
  if (late * CHANNELS < rest.length) yield rest.subarray(late * CHANNELS);
}

/** Works on blocks of any size; what comes out is `LATENCY_FRAMES` late. */
class Limiter {
  readonly #gain: number;
  readonly #ceiling: number;
  readonly #peaks = new TruePeaks(CHANNELS);
  readonly #lowest = new RunningMinimum(LOOK_AHEAD_FRAMES);
  readonly #mean = new RunningMean(LOOK_AHEAD_FRAMES);
  #delayed = new Float32Array(LATENCY_FRAMES * CHANNELS);
  #released = 1;
  /** For how long nothing was held back; while the mean is of ones alone, sound passes as it is. */
  #untouchedFrames = LOOK_AHEAD_FRAMES;

  constructor(gain: number, ceiling: number) {
    this.#gain = gain;
    this.#ceiling = ceiling;
  }

  process(block: Float32Array): Float32Array {
    const out = new Float32Array(block.length);
    for (let start = 0; start < block.length; start += STRETCH) {
      out.set(this.#stretch(block.subarray(start, start + STRETCH)), start);
    }
    return out;
  }

  #stretch(block: Float32Array): Float32Array {
    const line = new Float32Array(this.#delayed.length + block.length);
    line.set(this.#delayed);
    for (let i = 0; i < block.length; i++) line[this.#delayed.length + i] = (block[i] as number) * this.#gain;
    const peaks = this.#peaks.push(line.subarray(this.#delayed.length), this.#ceiling);
    this.#delayed = line.slice(block.length);
    const out = line.subarray(0, block.length);
    const idle = this.#untouchedFrames >= LOOK_AHEAD_FRAMES;
    if (idle && peaks.every((peak) => peak <= this.#ceiling)) return out;
    peaks.forEach((peak, frame) => {
      const smooth = this.#gainFor(peak);
      for (let i = frame * CHANNELS; i < (frame + 1) * CHANNELS; i++) out[i] = (out[i] as number) * smooth;
    });
    return out;
  }

  #gainFor(peak: number): number {
    const lowest = this.#lowest.push(peak > this.#ceiling ? this.#ceiling / peak : 1);
    const released = this.#released + (1 - this.#released) * RELEASE;
    this.#released = Math.min(lowest, released > FULLY_RELEASED ? 1 : released);
    this.#untouchedFrames = this.#released === 1 ? this.#untouchedFrames + 1 : 0;
    return this.#mean.push(this.#released);
  }
}

/** Smallest of the last `length` values, in constant time a value (a queue of candidates that still can become it). */
class RunningMinimum {
  readonly #length: number;
  readonly #values: Float64Array;
  readonly #times: Float64Array;
  #first = 0;
  #count = 0;
  #time = 0;

  constructor(length: number) {
    this.#length = length;
    this.#values = new Float64Array(length);
    this.#times = new Float64Array(length);
  }

  push(value: number): number {
    if (this.#count > 0 && (this.#times[this.#first] as number) <= this.#time - this.#length) {
      this.#first = (this.#first + 1) % this.#length;
      this.#count--;
    }
    while (this.#count > 0 && (this.#values[this.#slot(this.#count - 1)] as number) >= value) this.#count--;
    const slot = this.#slot(this.#count++);
    this.#values[slot] = value;
    this.#times[slot] = this.#time++;
    return this.#values[this.#first] as number;
  }

  #slot(place: number): number {
    return (this.#first + place) % this.#length;
  }
}

/** Mean of the last `length` values; before there are as many, of ones and those. */
class RunningMean {
  readonly #ring: Float64Array;
  #next = 0;
  #sum: number;

  constructor(length: number) {
    this.#ring = new Float64Array(length).fill(1);
    this.#sum = length;
  }

  push(value: number): number {
    this.#sum += value - (this.#ring[this.#next] as number);
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.#ring.length;
    return this.#sum / this.#ring.length;
  }
}
