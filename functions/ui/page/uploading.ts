import { computed, type Signal, signal } from '@preact/signals';
import { sentenceOf } from '../../../shared/refusal.ts';
import { words } from './language.ts';
import { allSongs, arrived, clipsOf, isStored, look, setFixed, setName } from './library.ts';
import { putFile } from './put-file.ts';
import { say } from './said.ts';
import { client, isAway } from './server.ts';
import { folderOf, isSetName, placeInSet, plain, type Sorted } from './sorting.ts';
import { broken, changed, isUnderWay, nextTry, placeFor, starting, type Upload, waiting } from './upload-queue.ts';

/** Every file that was dropped since the page was opened, in order. */
export const uploads = signal<readonly Upload[]>([]);
/** Whether the name of the set is being written: clips wait for it. */
export const naming = signal(false);
/** Files that are not in the store yet. */
export const underWay = computed(() => uploads.value.filter(isUnderWay));

/** Whether nothing gets through: what was being sent waits for the connection. */
export const isCutOff = computed(
  () =>
    uploads.value.some(({ state }) => state === 'retrying') && !uploads.value.some(({ state }) => state === 'sending'),
);

const files = new Map<number, File>();
const shares = new Map<number, Signal<number>>();
const sending = new Map<number, AbortController>();
/** Keys that are taken and their sizes: by set, '' for the songs. */
const taken = new Map<string, Promise<Map<string, number>>>();
let lastId = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Time in which a new set can still be given another name before its first clip is sent. */
const NAMING_MS = 3000;
let namedUntil = 0;
/** How often a name may turn out to be taken while a file is sent. */
const MOST_NAMES = 3;
/** How often the server may fail at a file; a connection may break as often as it will. */
const MOST_FAULTS = 5;

/** How much of an upload is sent, 0 to 1. */
export const shareOf = (id: number): Signal<number> => {
  const known = shares.get(id) ?? signal(0);
  shares.set(id, known);
  return known;
};

/** The file of an upload, while the page has it. */
export const fileOf = (id: number) => files.get(id) ?? null;

/** Takes what was dropped. */
export function add({ clips, songs, others }: Sorted<File>, now = Date.now()): void {
  if (clips.length > 0 && !setFixed.value) {
    if (setName.value === '') setName.value = folderOf(clips) ?? nameOfToday();
    if (!isStored(setName.value)) namedUntil = now + NAMING_MS;
  }
  const fresh: Upload[] = [];
  const take = (file: File, place: Pick<Upload, 'bucket' | 'set' | 'path'>) => {
    const isSame = ({ set, bucket, path, bytes }: Upload) =>
      set === place.set && bucket === place.bucket && path === place.path && bytes === file.size;
    const known = uploads.value.some((upload) => isUnderWay(upload) && isSame(upload));
    if (known) return;
    lastId += 1;
    files.set(lastId, file);
    fresh.push(waiting({ id: lastId, bytes: file.size, ...place }));
  };
  for (const { path, file } of clips)
    take(file, { bucket: 'input', set: setName.value, path: placeInSet(setName.value, path) });
  for (const { file } of songs) take(file, { bucket: 'music', set: null, path: plain(file.name) });
  uploads.value = [...uploads.value, ...fresh];
  if (others.length > 0) say(words.value.notTaken(others));
  else if (fresh.length > 0) {
    const heard = fresh.filter(({ bucket }) => bucket === 'music').length;
    say(words.value.added(fresh.length - heard, heard));
  }
  pump();
}

/** Gives the set that is being gathered another name. */
export function rename(name: string): void {
  if (setFixed.value) return;
  const before = setName.value;
  setName.value = name;
  uploads.value = uploads.value.map((upload) =>
    upload.state === 'waiting' && upload.set === before ? { ...upload, set: name } : upload,
  );
}

/** Forgets an upload that isn't there yet, and stops sending it. */
export function remove(id: number): void {
  sending.get(id)?.abort();
  uploads.value = uploads.value.filter((upload) => upload.id !== id);
  files.delete(id);
  pump();
}

/** Tries one that failed again. */
export function again(id: number): void {
  change(id, { state: 'waiting', tries: 0, sentence: null });
  pump();
}

/** Has a new set keep the name that was written, or another where it was left empty. */
export function settleName(): void {
  naming.value = false;
  const written = setName.value.trim();
  const isWaitedFor = uploads.value.some(({ set }) => set === setName.value);
  rename(written === '' && isWaitedFor ? nameOfToday() : written);
  keepName();
}

/** Has a new set keep the name that it has now: what waits for another is sent. */
export function keepName(): void {
  namedUntil = 0;
  pump();
}

/** Starts what may be started, and comes back when a broken one is due. */
export function pump(): void {
  clearTimeout(timer);
  const now = Date.now();
  const named = setFixed.value || (!naming.value && now >= namedUntil && isSetName(setName.value));
  const mayStart = ({ set }: Upload) => set === null || set !== setName.value || named;
  for (const upload of starting(uploads.value, now, mayStart)) {
    if (upload.bucket === 'input' && upload.set === setName.value) setFixed.value = true;
    const stop = new AbortController();
    sending.set(upload.id, stop);
    change(upload.id, { state: 'sending', retryAt: null });
    void send(upload, stop.signal)
      .then((outcome) => {
        if (!stop.signal.aborted) change(upload.id, outcome);
      })
      .finally(() => {
        sending.delete(upload.id);
        pump();
      });
  }
  const dues = [nextTry(uploads.value, now), now < namedUntil ? namedUntil - now : null].filter((due) => due !== null);
  if (dues.length > 0) timer = setTimeout(pump, Math.min(...dues));
}

function change(id: number, to: Partial<Upload>): void {
  uploads.value = changed(uploads.value, id, to);
}

/** Sends one file; gives what becomes of it. */
async function send(upload: Upload, signal: AbortSignal): Promise<Partial<Upload>> {
  const { id, bucket, set, bytes } = upload;
  const file = files.get(id) as File;
  const names = await takenIn(set).catch(() => null);
  if (!names) return broken(upload, Date.now());
  const { key, there } = placeFor(keyOf(upload), bytes, names);
  if (there) return arrivedAt(set, key);
  // Two files of one name may be under way at once.
  names.set(key, bytes);
  change(id, { key });
  try {
    const url = await client.uploadUrl(bucket, key);
    const { status, sentence } = await putFile(url, file, signal, (share) => {
      shareOf(id).value = share;
    });
    if (status >= 200 && status < 300) return arrivedAt(set, key);
    names.delete(key);
    if (status === 412) return takenMeanwhile(upload, sentence);
    if (status >= 500 && upload.tries >= MOST_FAULTS)
      return { state: 'failed', sentence: sentence ?? words.value.away };
    if (signal.aborted || status === 0 || status === 403 || status >= 500) {
      return (await canBeRead(file)) ? broken(upload, Date.now()) : { state: 'failed', sentence: null };
    }
    return { state: 'failed', sentence };
  } catch (error) {
    names.delete(key);
    return isAway(error) ? broken(upload, Date.now()) : { state: 'failed', sentence: sentenceOf(error) };
  }
}

function arrivedAt(set: string | null, key: string): Partial<Upload> {
  if (set !== null) arrived(set);
  setTimeout(() => void look());
  return { state: 'sent', key };
}

/** Somebody else took the name while this was sent, or an earlier try arrived after all: the list says which. */
function takenMeanwhile(upload: Upload, sentence: string | null): Partial<Upload> {
  if (upload.tries >= MOST_NAMES) return { state: 'failed', sentence };
  taken.delete(upload.set ?? '');
  if (upload.set !== null) arrived(upload.set);
  return { state: 'waiting', tries: upload.tries + 1 };
}

const keyOf = ({ set, path }: Upload) => (set === null ? path : `${set}/${path}`);

function takenIn(set: string | null): Promise<Map<string, number>> {
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

/** A file that was changed or taken away since it was dropped can't be read any more. */
const canBeRead = (file: File) =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );

/** What clips of no folder are called: by the day, and with a number where a set of that name is there. */
function nameOfToday(): string {
  const name = words.value.myClips(dayOf(new Date()));
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name} (${number})`;
    if (!isStored(candidate)) return candidate;
  }
}

const dayOf = (date: Date) =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

addEventListener('online', () => {
  uploads.value = uploads.value.map((upload) => (upload.state === 'retrying' ? { ...upload, retryAt: 0 } : upload));
  pump();
});

addEventListener('beforeunload', (event) => {
  if (underWay.value.length > 0) event.preventDefault();
});
