/** A list of numbers that grows, without the cost of boxed values: what a song of unknown length is gathered in. */
export class Series {
  #values = new Float32Array(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float32Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** The values so far; a copy. */
  values(): Float32Array {
    return this.#values.slice(0, this.#length);
  }
}
