import { Series } from './series.ts';

/** Attack values a second: fine enough to place a beat to a millisecond or two. */
export const ATTACK_RATE = 300;

const RELEASE_SECONDS = 0.04;
const BRIGHT_HERTZ = 1500;
const QUIETEST = 0.002;

/**
 * How fast the sound's envelope rises, in time steps far shorter than a spectrum's window: of the whole sound and of what is
 * above `BRIGHT_HERTZ`, where drums have their click. Says exactly when something began, not what.
 */
export class AttackMeter {
  readonly #hop: number;
  readonly #release: number;
  readonly #lowpass: number;
  readonly #values = new Series();
  #low = 0;
  #whole = 0;
  #bright = 0;
  #wholeBefore = 0;
  #brightBefore = 0;
  #count = 0;

  constructor(sampleRate: number) {
    this.#hop = sampleRate / ATTACK_RATE;
    this.#release = Math.exp(-1 / (RELEASE_SECONDS * sampleRate));
    this.#lowpass = 1 - Math.exp((-2 * Math.PI * BRIGHT_HERTZ) / sampleRate);
  }

  push(samples: Float32Array): void {
    for (const sample of samples) {
      this.#low += this.#lowpass * (sample - this.#low);
      const whole = Math.abs(sample);
      const bright = Math.abs(sample - this.#low);
      this.#whole = Math.max(whole, this.#whole * this.#release);
      this.#bright = Math.max(bright, this.#bright * this.#release);
      if (++this.#count < this.#hop) continue;
      this.#count = 0;
      const wholeNow = Math.log(this.#whole + QUIETEST);
      const brightNow = Math.log(this.#bright + QUIETEST);
      const rise = Math.max(0, wholeNow - this.#wholeBefore) + Math.max(0, brightNow - this.#brightBefore);
      this.#values.push(this.#values.length > 0 ? rise : 0);
      this.#wholeBefore = wholeNow;
      this.#brightBefore = brightNow;
    }
  }

  /** Value n is the rise during the n-th step of 1 / ATTACK_RATE seconds. */
  values(): Float32Array {
    return this.#values.values();
  }
}
