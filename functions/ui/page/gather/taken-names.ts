import { allSongs, clipsOf, isStored } from './library.ts';

/** Keys that are taken and their sizes: by set, '' for the songs. */
const taken = new Map<string, Promise<Map<string, number>>>();

/** The names that are taken in a set, or among the songs, with those that are on their way. */
export function takenIn(set: string | null): Promise<Map<string, number>> {
  const known = taken.get(set ?? '');
  if (known) return known;
  const asked = (async () => {
    const stored = set === null ? await allSongs() : isStored(set) ? await clipsOf(set) : [];
    return new Map(stored.map(({ key, bytes }) => [key, bytes]));
  })();
  taken.set(set ?? '', asked);
  asked.catch(() => taken.delete(set ?? ''));
  return asked;
}

/** Has the server be asked again: somebody else has taken a name. */
export function forgetNames(set: string | null): void {
  taken.delete(set ?? '');
}

/** Gives back the name of a file that will not be sent. */
export function release(set: string | null, key: string): void {
  taken.get(set ?? '')?.then((names) => names.delete(key));
}
