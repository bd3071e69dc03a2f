import { z } from 'zod';
import { ScaleSchema } from '../../../shared/super-resolution.ts';

/** Feature maps, all of the size of the small picture. `picture` is the small picture itself, in RGB. */
const MapNameSchema = z.string().min(1);
export type MapName = z.infer<typeof MapNameSchema>;

const count = z.number().int().positive();

/** A map that a convolution reads, and the side of the square kernel by which it does: odd, so that it has a middle. */
const ReadSchema = z.object({ map: MapNameSchema, kernel: count.refine((side) => side % 2 === 1) });
export type Read = z.infer<typeof ReadSchema>;

/** A convolution and all that follows it up to the next one, since that is done in one go. */
const ConvolutionSchema = z.object({
  /** What it makes. */
  name: MapNameSchema,
  /** What it sums up. Maps are padded with zeros, so that their size stays. */
  from: z.array(ReadSchema).min(1),
  /** Channels that it makes. */
  outputs: count,
  relu: z.boolean(),
  /** Maps of as many channels that are added, and what the sum so far is multiplied with before. */
  plus: z.array(z.object({ times: z.number(), map: MapNameSchema })),
});
export type Convolution = z.infer<typeof ConvolutionSchema>;

/** A network for super-resolution as data: what the GPU's shaders and the CPU's graph are both made from. */
export const NetworkSchema = z.object({
  scale: ScaleSchema,
  /** In an order in which each reads only what is there. */
  convolutions: z.array(ConvolutionSchema).min(1),
  /**
   * From the last one's map to the large picture. `nearest`: every pixel `scale` × `scale` times, then a 3 × 3
   * convolution to RGB. `pixel shuffle`: a pixel's channels laid out as `scale` × `scale` pixels of three (TensorFlow's
   * depth_to_space), then the same.
   */
  last: z.object({
    name: z.string(),
    from: MapNameSchema,
    enlargement: z.enum(['nearest', 'pixel shuffle']),
    kernel: z.literal(3),
    /** Channels that the convolution reads at each pixel of the large picture. */
    inputs: count,
  }),
  /** What colours from 0 to 1 are multiplied with before, and divided by after. */
  range: z.union([z.literal(1), z.literal(255)]),
});
export type Network = z.infer<typeof NetworkSchema>;

/** Channels of each map. */
export function channelsOf({ convolutions }: Network): ReadonlyMap<MapName, number> {
  return new Map([['picture', 3], ...convolutions.map(({ name, outputs }) => [name, outputs] as const)]);
}

/** How far, in pixels of the small picture, a pixel of the large one looks to each side. */
export function reach({ convolutions, last, scale }: Network): number {
  const far = new Map<MapName, number>([['picture', 0]]);
  const of = (map: MapName) => far.get(map) as number;
  for (const { name, from, plus } of convolutions) {
    const read = Math.max(...from.map(({ map, kernel }) => of(map) + (kernel - 1) / 2));
    far.set(name, Math.max(read, ...plus.map(({ map }) => of(map))));
  }
  return of(last.from) + Math.ceil((last.kernel - 1) / 2 / scale);
}

/** The large picture's chroma looks one pixel further than its colours do. */
const CHROMA_REACH = 1;
/** Nothing of what lies farther out is seen at the edge any more. */
const MOST_MARGIN = 8;

/**
 * How much around what is kept of a picture its network is to be shown. `overlap`: pixels that what is kept depends on.
 * `margin`: where the picture ends, so many pixels of its edge again; what lies beyond is zero to the network, which would
 * darken edges and corners.
 */
export function surroundings(network: Network): { overlap: number; margin: number } {
  const overlap = reach(network) + CHROMA_REACH;
  return { overlap, margin: Math.min(overlap, MOST_MARGIN) };
}

/** Multiply-adds a pixel of the small picture. */
export function multiplyAdds(network: Network): number {
  const { last, scale } = network;
  const channels = channelsOf(network);
  const reads = network.convolutions.flatMap(({ from, outputs }) =>
    from.map(({ map, kernel }) => kernel ** 2 * (channels.get(map) as number) * outputs),
  );
  return reads.reduce((sum, each) => sum + each, last.kernel ** 2 * last.inputs * 3 * scale ** 2);
}
