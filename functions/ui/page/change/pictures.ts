/** A moment of a clip that a picture is made of. */
export interface Moment {
  readonly key: string;
  readonly etag: string;
  readonly seconds: number;
}

/** A picture that was made, and of when in its clip. */
export interface Picture {
  readonly seconds: number;
  readonly address: string;
}

/** Pictures by the ETag of their clip. */
export type Pictures = ReadonlyMap<string, readonly Picture[]>;

/** A picture is still good for a moment as near as this. */
const SAME_SECONDS = 0.02;
/** One from as near as this stands in until the right one is made. */
const LIKE_SECONDS = 4;

/** The picture of a moment, or one from nearby while it isn't made. */
export function pictureOf(pictures: Pictures, { etag, seconds }: Moment): string | null {
  const nearest = nearestTo(pictures.get(etag) ?? [], seconds);
  return nearest && Math.abs(nearest.seconds - seconds) <= LIKE_SECONDS ? nearest.address : null;
}

/** Those of some moments that have no picture of their own, by clip and in the order in which the clip is played. */
export function missingIn(pictures: Pictures, wanted: readonly Moment[]): readonly (readonly Moment[])[] {
  const missing = new Map<string, Moment[]>();
  for (const moment of wanted) {
    const known = [...(pictures.get(moment.etag) ?? []), ...(missing.get(moment.etag) ?? [])];
    const nearest = nearestTo(known, moment.seconds);
    if (nearest && Math.abs(nearest.seconds - moment.seconds) <= SAME_SECONDS) continue;
    missing.set(moment.etag, [...(missing.get(moment.etag) ?? []), moment]);
  }
  return [...missing.values()].map((moments) => moments.sort((a, b) => a.seconds - b.seconds));
}

function nearestTo<T extends { readonly seconds: number }>(all: readonly T[], seconds: number): T | undefined {
  const off = (each: T) => Math.abs(each.seconds - seconds);
  return all.reduce<T | undefined>((best, each) => (best && off(best) <= off(each) ? best : each), undefined);
}

/** The same pictures and one more. */
export function withPicture(pictures: Pictures, { etag, seconds }: Moment, address: string): Pictures {
  return new Map(pictures).set(etag, [...(pictures.get(etag) ?? []), { seconds, address }]);
}
