import { signal } from '@preact/signals';
import { pathOf } from '../../../../shared/api/client.ts';
import { type Moment, missingIn, type Pictures, withPicture } from './pictures.ts';
import { stillsOf } from './stills.ts';

/** Pictures of moments of clips, made by the browser from the clips themselves. */
export const pictures = signal<Pictures>(new Map());

/** How often it was tried in vain, by ETag: a clip may be one that this browser can't decode. */
const failures = new Map<string, number>();
const TRIES = 2;
/** While a hand moves something, each place that it passes is wanted for an instant. */
const SETTLED_MS = 150;

/** Has pictures of some moments made that there are none of; gives what stops it. */
export function wantPictures(wanted: readonly Moment[]): () => void {
  const stop = new AbortController();
  const settling = setTimeout(() => {
    for (const moments of missingIn(pictures.peek(), wanted)) void make(moments, stop.signal);
  }, SETTLED_MS);
  return () => {
    clearTimeout(settling);
    stop.abort();
  };
}

/** All of one clip, from one decoder. */
async function make(moments: readonly Moment[], stopped: AbortSignal): Promise<void> {
  const { key = '', etag = '' } = moments[0] ?? {};
  const failed = failures.get(etag) ?? 0;
  if (failed >= TRIES) return;
  const source = pathOf('findMedia', { parameters: { bucket: 'input', key } });
  const take = (address: string, index: number) => {
    pictures.value = withPicture(pictures.value, moments[index] as Moment, address);
  };
  const seconds = moments.map((moment) => moment.seconds);
  const isWhole = await stillsOf(source, seconds, take, stopped);
  if (!isWhole && !stopped.aborted) failures.set(etag, failed + 1);
}
