import { effect, signal } from '@preact/signals';
import { Refused } from '../../../../shared/api/client.ts';
import { client } from '../server.ts';
import { nameOfOwner, who, whoIsIn, whoWasLast } from '../sign-in/who.ts';
import { fileAt, mayRead, type Origin } from './file-origin.ts';
import { allKept, forget, type Keeper, keep, nameOf } from './kept-uploads.ts';
import { arrived, chooseSet, look, opened, setName } from './library.ts';
import { answerTabs, sentByOthers } from './other-tabs.ts';
import { isUnderWay, type Upload } from './upload-queue.ts';
import { change, giveFile, originOf, pump, shareOf, takeUp, underWay, uploads } from './uploading.ts';

/** Whether files that an earlier page had can be read again when a person says so. */
export const waitsForLeave = signal(false);

/** Takes up what an earlier page was sending, and keeps what this one is, for the next. */
export async function takeUpUploads(): Promise<void> {
  keepUploads();
  const [others, user] = await Promise.all([sentByOthers(), whoIsIn()]);
  const owner = nameOfOwner(user);
  const kept = await allKept(owner);
  const here = new Set([...others, ...uploads.peek().map(nameOf)]);
  for (const each of kept.filter((upload) => !here.has(nameOf(upload)))) {
    if (each.owner === 'unknown') void forget('unknown', nameOf(each));
    else known.set(nameOf(each), each.partUpload);
    takeUp(each, each.origin);
  }
  answerTabs(() => underWay.peek().map(nameOf));
  await opened.promise;
  const set = uploads.peek().find((upload) => upload.set !== null)?.set;
  if (set && setName.peek() === '') void chooseSet(set);
  await Promise.all(uploads.peek().map(askHowFar));
  await readAgain(false);
}

/** Reads the files again that may be read; `ask` asks for leave first, which takes a click. */
export async function readAgain(ask: boolean): Promise<void> {
  const roots: { root: FileSystemHandle; mayBeRead: boolean }[] = [];
  for (const { id, bytes } of uploads.peek().filter(({ state }) => state === 'wanted')) {
    const origin = originOf(id);
    if (!origin) continue;
    const mayBeRead = await leaveFor(origin, roots, ask);
    const file = mayBeRead ? await fileAt(origin) : null;
    if (file?.size === bytes && isWanted(id)) giveFile(id, file, origin);
  }
  waitsForLeave.value = !ask && roots.some(({ mayBeRead }) => !mayBeRead);
  pump();
}

/** Asks once for each folder, or file, that was dropped. */
async function leaveFor(
  { root }: Origin,
  known: { root: FileSystemHandle; mayBeRead: boolean }[],
  ask: boolean,
): Promise<boolean> {
  for (const each of known) if (await each.root.isSameEntry(root)) return each.mayBeRead;
  const mayBeRead = await mayRead(root, ask);
  known.push({ root, mayBeRead });
  return mayBeRead;
}

const isWanted = (id: number) => uploads.peek().some((upload) => upload.id === id && upload.state === 'wanted');

/** How much of an upload has arrived is for the server to say. One whose parts are all there needs no file any more. */
async function askHowFar({ id, set, bytes, key, partUpload }: Upload): Promise<void> {
  if (partUpload === null || key === null) return;
  const parameters = { upload: partUpload };
  try {
    const there = await client.call('showUpload', { parameters }).then(
      ({ body }) => body.parts.reduce((sum, part) => sum + part.bytes, 0),
      (error: unknown) => {
        // It may have been completed, and the answer been lost.
        if (error instanceof Refused) return bytes;
        throw error;
      },
    );
    shareOf(id).value = there / bytes;
    if (there < bytes || !isWanted(id)) return;
    await client.call('completeUpload', { parameters });
    if (set !== null) arrived(set);
    change(id, { state: 'sent' });
    void look();
  } catch (error) {
    // Nothing is there any more: it begins anew. Where the server doesn't answer, sending will find out.
    if (!(error instanceof Refused) || !isWanted(id)) return;
    shareOf(id).value = 0;
    change(id, { key: null, partUpload: null });
  }
}

/** What is kept, by its name, with the upload in parts that it was kept with. */
let known = new Map<string, string | null>();
let keptFor: Keeper = 'unknown';

/** Has the browser keep what is under way, as it changes, for whoever is signed in. */
function keepUploads(): void {
  effect(() => {
    const user = who.value?.user;
    // Who has signed out comes back for what is theirs.
    const owner = user ? nameOfOwner(user) : keptFor === 'unknown' ? whoWasLast() : keptFor;
    if (owner !== keptFor) {
      for (const name of known.keys()) void forget(keptFor, name);
      known = new Map();
      keptFor = owner;
    }
    const now = new Map(uploads.value.filter(isUnderWay).map((upload) => [nameOf(upload), upload]));
    for (const [name, { id, bucket, set, path, bytes, key, partUpload }] of now) {
      if (known.has(name) && known.get(name) === partUpload) continue;
      void keep({ bucket, set, path, bytes, key, partUpload, owner, origin: originOf(id) });
    }
    for (const name of known.keys()) if (!now.has(name)) void forget(owner, name);
    known = new Map([...now].map(([name, { partUpload }]) => [name, partUpload]));
  });
}
