import { Refused } from '../../../../shared/api/client.ts';
import { contentIdOf, outlook, PartFailed, type Sender, sendInParts } from '../../../../shared/api/send-in-parts.ts';
import { Slots } from '../../../../shared/api/slots.ts';
import { isWorthParts } from '../../../../shared/parts.ts';
import { client, sentence } from '../server.ts';
import { setAtServer, songAtServer } from '../sign-in/own-names.ts';
import { words } from '../words/language.ts';
import { digestOf } from './digest.ts';
import { fileAt, type Origin } from './file-origin.ts';
import { arrived, look } from './library.ts';
import { putFile } from './put-file.ts';
import { forgetNames, takenIn } from './taken-names.ts';
import { broken, freeKey, placeFor, type Upload } from './upload-queue.ts';

/** How often a name may turn out to be taken while a file is sent. */
const MOST_NAMES = 3;
/** How often the server may fail at a file; a connection may break as often as it will. */
const MOST_FAULTS = 5;
/** Parts under way at once. A browser makes six connections to one server at most, and the page has its own questions to it. */
const MOST_PARTS_AT_ONCE = 4;

const sender: Sender = { client, sha256: digestOf, put: putFile, slots: new Slots(MOST_PARTS_AT_ONCE) };
const contents = new WeakMap<File, string>();

/** What sending one file needs, and tells. */
export interface Sending {
  readonly upload: Upload;
  readonly file: File;
  readonly origin: Origin | null;
  readonly signal: AbortSignal;
  /** How much of it is there, 0 to 1. */
  readonly onShare: (share: number) => void;
  readonly onChange: (change: Partial<Upload>) => void;
}

/** Sends one file; gives what becomes of it. */
export async function sendUpload(sending: Sending): Promise<Partial<Upload>> {
  const { upload, file, origin, signal } = sending;
  const names = await takenIn(upload.set).catch(() => null);
  if (!names) return broken(upload, Date.now());
  let tries = upload.tries;
  const onProgress = () => {
    tries = 0;
  };
  try {
    return isWorthParts(file.size) ? await inParts(sending, names, onProgress) : await whole(sending, names);
  } catch (error) {
    if (signal.aborted) return {};
    if (!(await isUnchanged(file, origin))) return { state: 'failed', sentence: null };
    return troubled({ ...upload, tries }, error);
  }
}

/** A small file in one request. */
async function whole(
  { upload, file, signal, onShare, onChange }: Sending,
  names: Map<string, number>,
): Promise<Partial<Upload>> {
  const { bucket, set } = upload;
  const { key, there } = placeFor(await keyOf(upload), file.size, names);
  if (there) return arrivedAt(set, key);
  // Two files of one name may be under way at once.
  names.set(key, file.size);
  onChange({ key });
  try {
    const url = await client.uploadUrl(bucket, key);
    // A store of its own would else take the file in place of one that is there.
    const answer = await putFile(url, file, { 'If-None-Match': '*' }, signal, onShare);
    if (answer.status < 200 || answer.status >= 300) throw new PartFailed(answer);
    return arrivedAt(set, key);
  } catch (error) {
    names.delete(key);
    throw error;
  }
}

/** A large one in parts, unless its content is there already. What was begun goes on under its name. */
async function inParts(
  { upload, file, origin, signal, onShare, onChange }: Sending,
  names: Map<string, number>,
  onProgress: () => void,
): Promise<Partial<Upload>> {
  const { bucket, set } = upload;
  const content = contents.get(file) ?? (await contentIdOf(file, digestOf));
  contents.set(file, content);
  const where = {
    parameters: { content },
    query: { bytes: file.size, ...(set !== null && { set: await setAtServer(set) }) },
  };
  const { key: there } = (await client.call('findContent', where)).body;
  if (there !== null) return arrivedAt(set, there);
  const key = upload.key ?? freeKey(await keyOf(upload), names);
  names.set(key, file.size);
  onChange({ key });
  const isSent = await sendInParts({ bucket, key, file, content }, sender, {
    signal,
    onBegun: (partUpload) => onChange({ partUpload }),
    onArrived: (bytes, isFresh) => {
      onShare(bytes / file.size);
      if (isFresh) onProgress();
    },
    isUnchanged: () => isUnchanged(file, origin),
  });
  if (isSent) return arrivedAt(set, key);
  names.delete(key);
  return { state: 'failed', sentence: null };
}

/** What becomes of an upload that something went wrong with. */
function troubled(upload: Upload, error: unknown): Partial<Upload> {
  const reason = error instanceof PartFailed ? error.sentence : sentence(error);
  if ((error instanceof PartFailed || error instanceof Refused) && error.status === 412)
    return takenMeanwhile(upload, reason);
  const passes = outlook(error);
  if (passes === 'passes' || (passes === 'may pass' && upload.tries < MOST_FAULTS)) return broken(upload, Date.now());
  return { state: 'failed', sentence: reason ?? words.value.away };
}

function arrivedAt(set: string | null, key: string): Partial<Upload> {
  if (set !== null) arrived(set);
  setTimeout(() => void look());
  return { state: 'sent', key };
}

/** Somebody else took the name while this was sent, or an earlier try arrived after all: the list says which. */
function takenMeanwhile(upload: Upload, reason: string | null): Partial<Upload> {
  if (upload.tries >= MOST_NAMES) return { state: 'failed', sentence: reason };
  forgetNames(upload.set);
  if (upload.set !== null) arrived(upload.set);
  return { state: 'waiting', key: null, partUpload: null, tries: upload.tries + 1 };
}

const keyOf = async ({ set, path }: Upload) =>
  set === null ? songAtServer(path) : `${await setAtServer(set)}/${path}`;

/** Whether a file can be read and is what it was when it was dropped. */
async function isUnchanged(file: File, origin: Origin | null): Promise<boolean> {
  const canBeRead = await file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
  const now = canBeRead && origin ? await fileAt(origin) : null;
  return canBeRead && (now === null || (now.size === file.size && now.lastModified === file.lastModified));
}
