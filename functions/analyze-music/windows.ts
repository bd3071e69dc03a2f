/**
 * Cuts a stream of samples into overlapping windows. Window n is centred on sample n × hop; what lies before the stream's start
 * and after its end is silence.
 */
export class Windows {
  readonly #size: number;
  readonly #hop: number;
  readonly #take: (samples: Float32Array, offset: number) => void;
  #buffer: Float32Array;
  #filled: number;

  /** `take` gets each window as `size` samples from `offset` of a buffer that is used again afterwards. */
  constructor(size: number, hop: number, take: (samples: Float32Array, offset: number) => void) {
    this.#size = size;
    this.#hop = hop;
    this.#take = take;
    this.#buffer = new Float32Array(size * 4);
    this.#filled = size / 2;
  }

  push(samples: Float32Array): void {
    if (this.#filled + samples.length > this.#buffer.length) {
      const larger = new Float32Array(this.#filled + samples.length);
      larger.set(this.#buffer.subarray(0, this.#filled));
      this.#buffer = larger;
    }
    this.#buffer.set(samples, this.#filled);
    this.#filled += samples.length;
    let offset = 0;
    for (; offset + this.#size <= this.#filled; offset += this.#hop) this.#take(this.#buffer, offset);
    this.#buffer.copyWithin(0, offset, this.#filled);
    this.#filled -= offset;
  }

  /** Takes the windows whose centres lie before the stream's end. */
  end(): void {
    this.push(new Float32Array(this.#size / 2));
  }
}
