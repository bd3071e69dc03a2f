/** A list of numbers that grows, kept as single bytes or floats rather than as objects: an hour of film has 100,000 frames. */
export class GrowingFloats {
  #values = new Float32Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const longer = new Float32Array(this.#length * 2);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[this.#length++] = value;
  }

  /** All values so far, without copying. */
  all(): Float32Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** As `GrowingFloats`, for records of bytes that all have one size. */
export class GrowingBytes {
  #values = new Uint8Array(1 << 16);
  #length = 0;

  push(record: Uint8Array): void {
    if (this.#length + record.length > this.#values.length) {
      const longer = new Uint8Array(Math.max(this.#values.length * 2, this.#length + record.length));
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values.set(record, this.#length);
    this.#length += record.length;
  }

  all(): Uint8Array {
    return this.#values.subarray(0, this.#length);
  }
}
