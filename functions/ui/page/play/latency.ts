/** How long something usually takes here, in seconds, learned from how long it took each time. */
export class Latency {
  readonly #most: number;
  seconds: number;

  constructor(guess: number, most: number) {
    this.seconds = guess;
    this.#most = most;
  }

  learn(took: number): void {
    if (Number.isFinite(took)) this.seconds += (Math.max(0, Math.min(this.#most, took)) - this.seconds) / 4;
  }
}
