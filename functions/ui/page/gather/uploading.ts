import { computed, type Signal, signal } from '@preact/signals';
import { say } from '../said.ts';
import { client } from '../server.ts';
import { words } from '../words/language.ts';
import type { Origin } from './file-origin.ts';
import { isStored, setFixed, setName } from './library.ts';
import { sendUpload } from './send-upload.ts';
import { type Dropped, folderOf, isSetName, placeInSet, plain, type Sorted } from './sorting.ts';
import { release } from './taken-names.ts';
import { changed, isGoing, isUnderWay, nextTry, starting, type Upload, waiting, wantedAs } from './upload-queue.ts';

/** Every file that was dropped since the page was opened, in order, after those that an earlier page left behind. */
export const uploads = signal<readonly Upload[]>([]);
/** Whether the name of the set is being written: clips wait for it. */
export const naming = signal(false);
/** Files that are not in the store yet, and that the page has. */
export const underWay = computed(() =>
  uploads.value.filter((upload) => isUnderWay(upload) && upload.state !== 'wanted'),
);

/** Whether nothing gets through: what was being sent waits for the connection. */
export const isCutOff = computed(
  () =>
    uploads.value.some(({ state }) => state === 'retrying') && !uploads.value.some(({ state }) => state === 'sending'),
);

const files = new Map<number, File>();
const origins = new Map<number, Origin>();
const shares = new Map<number, Signal<number>>();
const sending = new Map<number, AbortController>();
let lastId = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Time in which a new set that the page has named can still be given another name before its first clip is sent. */
const NAMING_MS = 3000;
let namedUntil = 0;

/** How much of an upload is sent, 0 to 1. */
export const shareOf = (id: number): Signal<number> => {
  const known = shares.get(id) ?? signal(0);
  shares.set(id, known);
  return known;
};

/** The file of an upload, while the page has it. */
export const fileOf = (id: number) => files.get(id) ?? null;
/** Where that can be read from again, where the browser tells. */
export const originOf = (id: number) => origins.get(id) ?? null;

/** Takes up an upload that an earlier page began, without its file. */
export function takeUp(
  {
    bucket,
    set,
    path,
    bytes,
    key,
    partUpload,
  }: Pick<Upload, 'bucket' | 'set' | 'path' | 'bytes' | 'key' | 'partUpload'>,
  origin: Origin | null,
): void {
  lastId += 1;
  if (origin) origins.set(lastId, origin);
  const upload = waiting({ id: lastId, bucket, set, path, bytes });
  uploads.value = [...uploads.value, { ...upload, state: 'wanted', key, partUpload }];
}

/** Takes what was dropped. */
export function add({ clips, songs, others }: Sorted<File>, now = Date.now()): void {
  if (clips.length > 0 && setName.value === '') {
    setName.value = folderOf(clips) ?? nameOfToday();
    if (!isStored(setName.value)) namedUntil = now + NAMING_MS;
  }
  const fresh: Upload[] = [];
  const empty: string[] = [];
  let goingOn = 0;
  const take = ({ file, origin }: Dropped<File>, place: Pick<Upload, 'bucket' | 'set' | 'path'>) => {
    const bytes = file.size;
    const isSame = ({ set, bucket, path }: Upload) =>
      set === place.set && bucket === place.bucket && path === place.path;
    const known = uploads.value.some(
      (upload) => isUnderWay(upload) && upload.state !== 'wanted' && isSame(upload) && upload.bytes === bytes,
    );
    if (known) return;
    if (bytes === 0) return void empty.push(file.name);
    const wanted = wantedAs(uploads.value, { ...place, bytes });
    if (wanted) {
      goingOn += 1;
      return giveFile(wanted.id, file, origin ?? null);
    }
    // One that failed, or of another size and so another file, gives its place up.
    for (const upload of uploads.value)
      if ((upload.state === 'wanted' || upload.state === 'failed') && isSame(upload)) remove(upload.id);
    lastId += 1;
    files.set(lastId, file);
    if (origin) origins.set(lastId, origin);
    fresh.push(waiting({ id: lastId, bytes, ...place }));
  };
  for (const clip of clips)
    take(clip, { bucket: 'input', set: setName.value, path: placeInSet(setName.value, clip.path) });
  for (const song of songs) take(song, { bucket: 'music', set: null, path: plain(song.file.name) });
  uploads.value = [...uploads.value, ...fresh];
  if (empty.length > 0) say(words.value.empty(empty));
  else if (others.length > 0) say(words.value.notTaken(others));
  else if (fresh.length > 0) {
    const heard = fresh.filter(({ bucket }) => bucket === 'music').length;
    say(words.value.added(fresh.length - heard, heard));
  } else if (goingOn > 0) say(words.value.goesOn(goingOn));
  pump();
}

/** Gives an upload its file, which it goes on with. */
export function giveFile(id: number, file: File, origin: Origin | null): void {
  files.set(id, file);
  if (origin) origins.set(id, origin);
  change(id, { state: 'waiting' });
}

/** Gives the set that is being gathered another name. */
export function rename(name: string): void {
  if (setFixed.value) return;
  const before = setName.value;
  setName.value = name;
  uploads.value = uploads.value.map((upload) =>
    (upload.state === 'waiting' || upload.state === 'paused') && upload.set === before && upload.key === null
      ? { ...upload, set: name }
      : upload,
  );
}

/** Forgets an upload that isn't there yet, and stops sending it. */
export function remove(id: number): void {
  sending.get(id)?.abort();
  const { set, key, partUpload } = uploads.value.find((upload) => upload.id === id) ?? {};
  uploads.value = uploads.value.filter((upload) => upload.id !== id);
  files.delete(id);
  if (key) release(set ?? null, key);
  // What can't be told to the server is forgotten there by itself.
  if (partUpload) client.call('abortUpload', { parameters: { upload: partUpload } }).catch(() => {});
  pump();
}

/** Tries one that failed again. */
export function again(id: number): void {
  change(id, { state: 'waiting', tries: 0, sentence: null });
  pump();
}

/** Stops sending one, or all that are being sent or wait for it, until it is to go on. */
export function pause(id: number | 'all'): void {
  for (const upload of uploads.value) {
    if (!isGoing(upload) || (id !== 'all' && upload.id !== id)) continue;
    sending.get(upload.id)?.abort();
    change(upload.id, { state: 'paused', retryAt: null });
  }
  pump();
}

/** Goes on with one, or all, that were paused. */
export function goOn(id: number | 'all'): void {
  for (const upload of uploads.value)
    if (upload.state === 'paused' && (id === 'all' || upload.id === id)) change(upload.id, { state: 'waiting' });
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
  const mayStart = ({ id, set }: Upload) => !sending.has(id) && (set === null || set !== setName.value || named);
  for (const upload of starting(uploads.value, now, mayStart)) {
    const { id } = upload;
    const file = files.get(id);
    if (!file) {
      change(id, { state: 'wanted' });
      continue;
    }
    if (upload.bucket === 'input' && upload.set === setName.value) setFixed.value = true;
    const stop = new AbortController();
    sending.set(id, stop);
    change(id, { state: 'sending', retryAt: null });
    const isMine = () => !stop.signal.aborted;
    void sendUpload({
      upload,
      file,
      origin: originOf(id),
      signal: stop.signal,
      onShare: (share) => {
        if (isMine()) shareOf(id).value = share;
      },
      onChange: (to) => {
        if (isMine()) change(id, to);
      },
    })
      .then((outcome) => {
        if (isMine()) change(id, outcome);
      })
      .finally(() => {
        sending.delete(id);
        pump();
      });
  }
  const dues = [nextTry(uploads.value, now), now < namedUntil ? namedUntil - now : null].filter((due) => due !== null);
  if (dues.length > 0) timer = setTimeout(pump, Math.min(...dues));
}

/** Changes an upload. */
export function change(id: number, to: Partial<Upload>): void {
  uploads.value = changed(uploads.value, id, to);
}

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
