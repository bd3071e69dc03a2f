import type { Precision } from './convolution-shape.ts';

/** Numbers as a device keeps them. */
export const numbersOf = (
  numbers: Float32Array,
  precision: Precision,
): Float16Array<ArrayBuffer> | Float32Array<ArrayBuffer> =>
  precision === 'f16' ? new Float16Array(numbers) : new Float32Array(numbers);

export const compiled = (device: GPUDevice, code: string, label: string): Promise<GPUComputePipeline> =>
  device.createComputePipelineAsync({
    label,
    layout: 'auto',
    compute: { module: device.createShaderModule({ label, code }) },
  });

/** A buffer of these bytes, and some more to a multiple of 16. */
export function filled(
  device: Pick<GPUDevice, 'createBuffer' | 'queue'>,
  bytes: ArrayBufferView<ArrayBuffer>,
  usage: number,
): GPUBuffer {
  const size = Math.ceil(bytes.byteLength / 16) * 16;
  const buffer = device.createBuffer({ size, usage: usage | GPUBufferUsage.COPY_DST });
  const whole = new Uint8Array(size);
  whole.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  device.queue.writeBuffer(buffer, 0, whole);
  return buffer;
}

/** Buffers as a pipeline's first group has them, in order. */
export const bound = (device: GPUDevice, pipeline: GPUComputePipeline, buffers: readonly GPUBuffer[]): GPUBindGroup =>
  device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
