/** How long passes take, by the GPU's own clock: not what it takes to ask for them, which is more than most of them take. */
export class GpuClock implements Disposable {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #fetched: GPUBuffer;

  private constructor(device: GPUDevice, passes: number) {
    this.#device = device;
    this.#queries = device.createQuerySet({ type: 'timestamp', count: 2 * passes });
    const size = 2 * passes * BigUint64Array.BYTES_PER_ELEMENT;
    this.#resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    this.#fetched = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  }

  /** For so many passes at most; null where the device has no clock. */
  static of(device: GPUDevice, passes: number): GpuClock | null {
    return device.features.has('timestamp-query') ? new GpuClock(device, passes) : null;
  }

  /** What has a pass measured, by its number. */
  pass(number: number): GPUComputePassDescriptor {
    const [begin, end] = [2 * number, 2 * number + 1];
    return {
      timestampWrites: { querySet: this.#queries, beginningOfPassWriteIndex: begin, endOfPassWriteIndex: end },
    };
  }

  /** Submits commands in which all passes are measured; how long each took, in milliseconds. */
  async run(commands: GPUCommandEncoder): Promise<number[]> {
    const { count } = this.#queries;
    commands.resolveQuerySet(this.#queries, 0, count, this.#resolved, 0);
    commands.copyBufferToBuffer(this.#resolved, 0, this.#fetched, 0, this.#fetched.size);
    this.#device.queue.submit([commands.finish()]);
    await this.#fetched.mapAsync(GPUMapMode.READ);
    const nanoseconds = new BigUint64Array(this.#fetched.getMappedRange());
    const took = Array.from(
      { length: count / 2 },
      (_, n) => Number((nanoseconds[2 * n + 1] as bigint) - (nanoseconds[2 * n] as bigint)) / 1e6,
    );
    this.#fetched.unmap();
    return took;
  }

  [Symbol.dispose](): void {
    this.#queries.destroy();
    this.#resolved.destroy();
    this.#fetched.destroy();
  }
}
