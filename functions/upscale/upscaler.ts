import type { PictureFormat } from './picture-format.ts';

/** What computes: a GPU by its driver's name, or the CPU. */
export interface DeviceNamed {
  /** `CPU as a GPU` is a driver such as SwiftShader: right, and slower than `CPU`. */
  kind: 'discrete GPU' | 'integrated GPU' | 'GPU' | 'CPU' | 'CPU as a GPU';
  /** For example "NVIDIA H100 PCIe" or "CPU, 8 threads". */
  name: string;
  /** What numbers between layers are kept as. */
  precision: 'f16' | 'f32';
}

/** Whether it is a GPU, rather than a CPU in whatever guise. */
export const isGpu = ({ kind }: Pick<DeviceNamed, 'kind'>): boolean => kind !== 'CPU' && kind !== 'CPU as a GPU';

/** Makes pictures of one format larger, by one network on one device. */
export interface Upscaler extends AsyncDisposable {
  readonly device: DeviceNamed;
  readonly from: PictureFormat;
  readonly to: PictureFormat;
  /** How many pictures it is good to have under way at once. */
  readonly atOnce: number;
  /**
   * Gives the large picture; the small one's bytes may be used for others once that is there. Aborted, nothing more of it is begun
   * than what is computed already.
   */
  upscale(picture: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}
