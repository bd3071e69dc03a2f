import { sampleHead, samplesOf } from '../content-id.ts';
import { type Cut, partNumbers, rangeOfPart } from '../parts.ts';
import { Away, type Client, Refused } from './client.ts';
import type { PartUpload } from './part-uploads.ts';
import type { Slots } from './slots.ts';

/** Parts of one file that are under way at once; those of all files share the slots. */
const AT_ONCE = 4;
/** URLs that are asked for at once: few enough to be used before they are too old, on a slow line too. */
const URLS_AT_ONCE = 6;

/** What sending takes, which a page and a program have ways of their own for. */
export interface Sender {
  client: Pick<Client, 'call'>;
  /** Of some bytes, in lower-case hex. Throws when they can't be read any more, as of a file that was changed. */
  sha256(bytes: Blob): Promise<string>;
  /** Puts bytes to a URL; status 0 when the connection broke or `signal` ended it. */
  put(url: string, bytes: Blob, headers: Record<string, string>, signal: AbortSignal): Promise<PutAnswer>;
  /** Shared with all other files that are being sent. */
  slots: Slots;
}

export interface PutAnswer {
  status: number;
  /** What the store says, where it says something. */
  sentence: string | null;
}

/** A file and where it goes. */
export interface Parcel {
  bucket: 'input' | 'music';
  key: string;
  file: Blob;
  /** Its content id. */
  content: string;
}

/** A part didn't arrive. */
export class PartFailed extends Error implements PutAnswer {
  override readonly name = 'PartFailed';
  readonly status: number;
  readonly sentence: string | null;
  constructor({ status, sentence }: PutAnswer) {
    super(sentence ?? `The store answered ${status}`);
    this.status = status;
    this.sentence = sentence;
  }
}

/**
 * What comes of trying again: a broken connection, a URL that was too old, a session that ended and having asked too often pass, trouble
 * of the server and parts that were lost on the way or forgotten may pass, all else stays.
 */
export function outlook(error: unknown): 'passes' | 'may pass' | 'stays' {
  if (error instanceof Away || (error instanceof Refused && [401, 429].includes(error.status))) return 'passes';
  if (error instanceof PartFailed) return [0, 403].includes(error.status) ? 'passes' : 'may pass';
  return error instanceof Refused && (error.status >= 500 || [404, 409].includes(error.status)) ? 'may pass' : 'stays';
}

/** What a file is known by, wherever it lies and whatever it is called. */
export function contentIdOf(file: Blob, sha256: Sender['sha256']): Promise<string> {
  const samples = samplesOf(file.size).map(({ start, end }) => file.slice(start, end));
  return sha256(new Blob([sampleHead(file.size), ...samples]));
}

interface Watching {
  signal: AbortSignal;
  /** Told the server's name for the upload. */
  onBegun?: (upload: string) => void;
  /** Told how many bytes of the file are there, and whether some have just arrived. */
  onArrived: (bytes: number, isFresh: boolean) => void;
  /** Whether the file is still what it was. */
  isUnchanged: () => Promise<boolean>;
}

/**
 * Sends a file in parts, from where an earlier try was broken off: what has arrived of it is compared with the file, and not sent again.
 *
 * @returns false when the file has changed meanwhile. Nothing was made of it then.
 * @throws {PartFailed} and what the client throws. To try again is to go on.
 */
export async function sendInParts(parcel: Parcel, sender: Sender, watching: Watching): Promise<boolean> {
  const { bucket, key, file, content } = parcel;
  const { client } = sender;
  const { body } = await client.call('beginUpload', { body: { bucket, key, bytes: file.size, content } });
  const asked = { parameters: { upload: body.upload } };
  watching.onBegun?.(body.upload);
  try {
    await sendMissing(body, file, sender, watching);
    if (await watching.isUnchanged()) {
      await client.call('completeUpload', asked);
      return true;
    }
  } catch (error) {
    if (watching.signal.aborted || (await watching.isUnchanged())) throw error;
  }
  // What can't be told to the server is forgotten there by itself.
  await client.call('abortUpload', asked).catch(() => {});
  return false;
}

async function sendMissing(
  upload: PartUpload,
  file: Blob,
  { client, slots, put, sha256 }: Sender,
  { signal, onArrived }: Watching,
): Promise<void> {
  const digestOf = digestsOf(file, upload, sha256);
  const { missing, bytes } = await compared(upload, digestOf, signal);
  let arrived = bytes;
  onArrived(arrived, false);
  const urlOf = urlsOf(missing, async (parts) => {
    const asked = { parameters: { upload: upload.upload }, body: { parts } };
    return (await client.call('signParts', asked)).body.urls;
  });
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const send = async (number: number) => {
    const sha256 = await digestOf(number);
    const part = partOf(file, upload, number);
    await slots.take();
    let how: Parameters<Slots['give']>[0] = 'stopped';
    try {
      stop.throwIfAborted();
      const answer = await put(await urlOf(number), part, { 'x-amz-checksum-sha256': base64Of(sha256) }, stop);
      stop.throwIfAborted();
      how = answer.status >= 200 && answer.status < 300 ? 'well' : 'badly';
      if (how === 'badly') throw new PartFailed(answer);
    } finally {
      slots.give(how);
    }
    arrived += part.size;
    onArrived(arrived, true);
  };
  const queue = missing.entries();
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (const [at, number] of queue) {
      const sent = send(number);
      // Digested while others are sent. Whoever sends it hears of what went wrong.
      const next = missing[at + AT_ONCE];
      if (next !== undefined) digestOf(next).catch(() => {});
      await sent;
    }
  });
  try {
    await Promise.all(lanes);
  } finally {
    failed.abort();
    await Promise.allSettled(lanes);
  }
}

/** Which parts are still to be sent: those that are not there, or not what the file has in their place. */
async function compared(
  upload: PartUpload,
  digestOf: (number: number) => Promise<string>,
  signal: AbortSignal,
): Promise<{ missing: number[]; bytes: number }> {
  const same = new Set<number>();
  let bytes = 0;
  for (const part of upload.parts) {
    signal.throwIfAborted();
    if ((await digestOf(part.number)) !== part.sha256) continue;
    same.add(part.number);
    bytes += part.bytes;
  }
  return { missing: partNumbers(upload).filter((number) => !same.has(number)), bytes };
}

function partOf(file: Blob, cut: Cut, number: number): Blob {
  const { start, end } = rangeOfPart(cut, number);
  return file.slice(start, end);
}

/** SHA-256s of the parts of files, for as long as the files are at hand: a try after another one needs not read them again. */
const digests = new WeakMap<Blob, Map<number, Promise<string>>>();

function digestsOf(file: Blob, cut: Cut, sha256: Sender['sha256']): (number: number) => Promise<string> {
  const known = digests.get(file) ?? new Map<number, Promise<string>>();
  digests.set(file, known);
  return (number) => {
    const digest = known.get(number) ?? sha256(partOf(file, cut, number));
    known.set(number, digest);
    // What couldn't be read is read again when it is asked for again.
    digest.catch(() => known.delete(number));
    return digest;
  };
}

/** The URLs of parts, which are sent in order, asked for a few at once, and the next few before they are waited for. */
function urlsOf(
  missing: readonly number[],
  ask: (parts: number[]) => Promise<{ number: number; url: string }[]>,
): (number: number) => Promise<string> {
  const asked = new Map<number, Promise<string>>();
  let end = 0;
  const askForNext = () => {
    const parts = missing.slice(end, end + URLS_AT_ONCE);
    end += parts.length;
    const answer = ask(parts);
    for (const part of parts) {
      const url = answer.then((urls) => urls.find((each) => each.number === part)?.url ?? '');
      // Whoever sends the part hears of it.
      url.catch(() => {});
      asked.set(part, url);
    }
  };
  return (number) => {
    while (end < missing.length && missing.indexOf(number) + 1 >= end) askForNext();
    return asked.get(number) as Promise<string>;
  };
}

const base64Of = (hex: string): string =>
  btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))));
