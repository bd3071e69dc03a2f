import { channelsOf, type MapName, type Network } from '../network/network.ts';

/** Groups of four channels, which is what is read and written at once. */
export const quads = (channels: number): number => Math.ceil(channels / 4);

/** Pixels that a map of so many takes: matrices are read from multiples of 16 bytes only, so that is where each map begins. */
export const mapPixels = (pixels: number): number => Math.ceil(pixels / 4) * 4;

/** Where in one buffer each feature map lies, in groups of four channels of each pixel: a map's place times `mapPixels` is where it begins. */
export interface Arena {
  places: ReadonlyMap<MapName, number>;
  /** Groups of four channels a pixel, of all that is kept at once. */
  depth: number;
}

/** Gives each map the first place that is free from when it is made until it is read last. */
export function arenaOf(network: Network): Arena {
  const { convolutions, last } = network;
  const channels = channelsOf(network);
  const lastUse = new Map<MapName, number>([['picture', 0]]);
  convolutions.forEach(({ from, plus }, i) => {
    for (const { map } of [...from, ...plus]) lastUse.set(map, i);
  });
  lastUse.set(last.from, convolutions.length);
  const places = new Map<MapName, number>();
  let depth = 0;
  const living = new Map<MapName, { from: number; to: number }>();
  const place = (map: MapName) => {
    const size = quads(channels.get(map) as number);
    const taken = [...living.values()].sort((a, b) => a.from - b.from);
    let from = 0;
    for (const each of taken) {
      if (each.from - from >= size) break;
      from = Math.max(from, each.to);
    }
    living.set(map, { from, to: from + size });
    places.set(map, from);
    depth = Math.max(depth, from + size);
  };
  place('picture');
  convolutions.forEach(({ name }, i) => {
    // What it reads is still needed while it writes.
    place(name);
    for (const map of [...living.keys()]) if ((lastUse.get(map) ?? -1) <= i) living.delete(map);
  });
  return { places, depth };
}
