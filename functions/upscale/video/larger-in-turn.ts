import { withoutRepeats } from './repeated.ts';

interface Pictures<T> {
  pictures: AsyncIterable<T & { picture: Uint8Array }>;
  /** How many are under way at once. */
  atOnce: number;
  upscale: (picture: Uint8Array) => Promise<Uint8Array>;
}

/**
 * Pictures made larger, each in its turn, with what came with it; one that is the same as the one before it isn't computed again.
 * `repeated` is how many weren't so far. When it ends, nothing is under way any more.
 */
export async function* largerInTurn<T>({
  pictures,
  atOnce,
  upscale,
}: Pictures<T>): AsyncGenerator<{ of: T; large: Uint8Array; repeated: number }, void> {
  const once = withoutRepeats(upscale);
  const underWay: { of: T; large: Promise<Uint8Array>; repeated: number }[] = [];
  const next = async () => {
    const first = underWay[0] as (typeof underWay)[number];
    const large = await first.large;
    underWay.shift();
    return { ...first, large };
  };
  try {
    for await (const of of pictures) {
      if (underWay.length >= atOnce) yield await next();
      const large = once.upscale(of.picture);
      // Awaited in its turn; a failure must not count as unhandled until then.
      large.catch(() => {});
      underWay.push({ of, large, repeated: once.repeated });
    }
    while (underWay.length > 0) yield await next();
  } finally {
    // What computes isn't taken away from under its pictures.
    await Promise.allSettled(underWay.map(({ large }) => large));
  }
}
