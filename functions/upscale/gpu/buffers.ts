/** Makes buffers on a device, and destroys all of them together. */
export class Buffers implements Disposable {
  readonly queue: GPUQueue;
  readonly #device: GPUDevice;
  readonly #made: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
    this.queue = device.queue;
  }

  createBuffer(descriptor: GPUBufferDescriptor): GPUBuffer {
    const buffer = this.#device.createBuffer(descriptor);
    this.#made.push(buffer);
    return buffer;
  }

  [Symbol.dispose](): void {
    for (const buffer of this.#made) buffer.destroy();
  }
}
