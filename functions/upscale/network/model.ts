import type { Network } from './network.ts';

/** Of one convolution: the kernel by row, column, input and output channel, and what is added to each output. */
export interface Weights {
  kernel: Float32Array;
  bias: Float32Array;
}

/** A network with what it has learned. */
export interface Model {
  network: Network;
  weights: ReadonlyMap<string, Weights>;
}

/** How many numbers each convolution has, in the network's order, the last one's at the end. */
export function weightSizes({ convolutions, last }: Network): { name: string; kernel: number; bias: number }[] {
  return [...convolutions, { ...last, outputs: 3 }].map(({ name, kernel, inputs, outputs }) => ({
    name,
    kernel: kernel ** 2 * inputs * outputs,
    bias: outputs,
  }));
}
