import { numbered } from '../../../../shared/numbered.ts';

/** A file on its way into the store. */
export interface Upload {
  readonly id: number;
  readonly bucket: 'input' | 'music';
  /** The set that a clip is for; null for a song. */
  readonly set: string | null;
  /** Where it would go: the key, without the set. */
  readonly path: string;
  readonly bytes: number;
  /** 'wanted': the page was opened anew and hasn't got the file any more. */
  readonly state: 'waiting' | 'sending' | 'retrying' | 'paused' | 'wanted' | 'sent' | 'failed';
  /** Where it goes, known from its first try on. */
  readonly key: string | null;
  /** The server's name for it, of one whose sending in parts was begun. */
  readonly partUpload: string | null;
  readonly tries: number;
  /** When a broken one is tried again, in milliseconds. */
  readonly retryAt: number | null;
  /** Why it failed, as a sentence of the server; null where the file itself can't be read any more. */
  readonly sentence: string | null;
}

/** How many files are sent at once. */
export const AT_ONCE = 3;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** A file that has just been dropped. */
export function waiting(file: Pick<Upload, 'id' | 'bucket' | 'set' | 'path' | 'bytes'>): Upload {
  return { ...file, state: 'waiting', key: null, partUpload: null, tries: 0, retryAt: null, sentence: null };
}

/** Which uploads start now: songs first, since they are few and heard the longest, then in the order of dropping. */
export function starting(
  queue: readonly Upload[],
  now: number,
  mayStart: (upload: Upload) => boolean = () => true,
): Upload[] {
  const free = AT_ONCE - queue.filter(({ state }) => state === 'sending').length;
  const ready = queue.filter(
    (upload) =>
      mayStart(upload) && (upload.state === 'waiting' || (upload.state === 'retrying' && (upload.retryAt ?? 0) <= now)),
  );
  return [
    ...ready.filter(({ bucket }) => bucket === 'music'),
    ...ready.filter(({ bucket }) => bucket === 'input'),
  ].slice(0, Math.max(0, free));
}

/** The queue with one upload changed. */
export function changed(queue: readonly Upload[], id: number, change: Partial<Upload>): Upload[] {
  return queue.map((upload) => (upload.id === id ? { ...upload, ...change } : upload));
}

/** What becomes of an upload whose connection broke: it waits twice as long each time, half a minute at most. */
export function broken(upload: Upload, now: number): Partial<Upload> {
  const tries = upload.tries + 1;
  return { state: 'retrying', tries, retryAt: now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)) };
}

/** When the next broken upload is due, in milliseconds from now; null when none waits for it. */
export function nextTry(queue: readonly Upload[], now: number): number | null {
  const due = queue.flatMap(({ state, retryAt }) => (state === 'retrying' && retryAt !== null ? [retryAt] : []));
  return due.length > 0 ? Math.max(0, Math.min(...due) - now) : null;
}

/** Where a file goes, given what is there: the same name and size is the same file; another size leaves the name to the older. */
export function placeFor(
  key: string,
  bytes: number,
  taken: ReadonlyMap<string, number>,
): { key: string; there: boolean } {
  for (let candidate = key, number = 2; ; candidate = numbered(key, number), number += 1) {
    const size = taken.get(candidate);
    if (size === undefined) return { key: candidate, there: false };
    if (size === bytes) return { key: candidate, there: true };
  }
}

/** The first key like this one that is free. */
export function freeKey(key: string, taken: Pick<ReadonlyMap<string, number>, 'has'>): string {
  for (let candidate = key, number = 2; ; candidate = numbered(key, number), number += 1) {
    if (!taken.has(candidate)) return candidate;
  }
}

/** Whether it is yet to be in the store. */
export const isUnderWay = ({ state }: Upload) => state !== 'sent' && state !== 'failed';

/** Whether it can be paused. */
export const isGoing = ({ state }: Upload) => state === 'waiting' || state === 'sending' || state === 'retrying';

/**
 * The upload that a file goes on with which is dropped again after the page was opened anew: one that wants a file of that name and
 * size, wherever it lay; of several, that of the same folder in the same set.
 */
export function wantedAs(
  queue: readonly Upload[],
  file: Pick<Upload, 'bucket' | 'set' | 'path' | 'bytes'>,
): Upload | null {
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const fits = queue.filter(
    ({ state, bucket, path, bytes }) =>
      state === 'wanted' && bucket === file.bucket && bytes === file.bytes && nameOf(path) === nameOf(file.path),
  );
  const isSame = ({ set, path }: Upload) => set === file.set && path === file.path;
  return fits.find(isSame) ?? fits.find(({ set }) => set === file.set) ?? fits[0] ?? null;
}
