import { channelsOf, type Network } from './network.ts';

/** Of one convolution: for each map that it reads a kernel by row, column, input and output channel, and what is added to each output. */
export interface Weights {
  kernels: readonly Float32Array[];
  bias: Float32Array;
}

/** A network with what it has learned. */
export interface Model {
  network: Network;
  weights: ReadonlyMap<string, Weights>;
}

/** How many numbers each convolution has, in the network's order, the last one's at the end. */
export function weightSizes(network: Network): { name: string; kernels: number[]; bias: number }[] {
  const { convolutions, last } = network;
  const channels = channelsOf(network);
  return [
    ...convolutions.map(({ name, from, outputs }) => ({
      name,
      kernels: from.map(({ map, kernel }) => kernel ** 2 * (channels.get(map) as number) * outputs),
      bias: outputs,
    })),
    { name: last.name, kernels: [last.kernel ** 2 * last.inputs * 3], bias: 3 },
  ];
}
