import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, Refused } from '../../shared/api/client.ts';
import {
  contentIdOf,
  outlook,
  type Parcel,
  PartFailed,
  type Sender,
  sendInParts,
} from '../../shared/api/send-in-parts.ts';
import { Slots } from '../../shared/api/slots.ts';
import { isWorthParts } from '../../shared/parts.ts';
import { Refusal } from '../../shared/refusal.ts';
import { interrupted } from './exit.ts';
import { sha256 } from './file-content.ts';

const PARTS_AT_ONCE = 4;
/** How often nothing more may arrive before it is given up; each time it waits longer. */
const TRIES = 5;
const PAUSE_MS = 1000;

/**
 * Sends a file to a server elsewhere; a large one in parts, so that a broken connection costs little. False where the name is taken:
 * what lies there stays.
 */
export async function upload(client: Client, bucket: Parcel['bucket'], key: string, path: string): Promise<boolean> {
  const { size } = await stat(path);
  try {
    if (isWorthParts(size)) await inParts(client, { bucket, key, path });
    else await whole(await client.uploadUrl(bucket, key), path, size);
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 412) return false;
    if (!(error instanceof PartFailed)) throw error;
    throw new Refusal(`${path} could not be uploaded: ${error.status === 0 ? 'the connection broke' : error.message}`);
  }
}

async function whole(url: string, path: string, size: number): Promise<void> {
  const response = await fetch(url, {
    method: 'PUT',
    // A store of its own would else take the file in place of one that is there.
    headers: { 'Content-Length': String(size), 'If-None-Match': '*' },
    body: createReadStream(path) as unknown as ReadableStream,
    duplex: 'half',
    signal: interrupted,
  } as RequestInit);
  await response.arrayBuffer();
  if (!response.ok)
    throw new Refused(response.status, `${path} could not be uploaded: the store answered ${response.status}`);
}

async function inParts(
  client: Client,
  { bucket, key, path }: { bucket: Parcel['bucket']; key: string; path: string },
): Promise<void> {
  const before = await stat(path);
  const file = await openAsBlob(path);
  const parcel = { bucket, key, file, content: await contentIdOf(file, sha256) };
  const sender: Sender = { client, sha256, put, slots: new Slots(PARTS_AT_ONCE) };
  for (let tries = 1; ; tries += 1) {
    try {
      const isSent = await sendInParts(parcel, sender, {
        signal: interrupted,
        onArrived: (_, isFresh) => {
          if (isFresh) tries = 1;
        },
        isUnchanged: async () => {
          const now = await stat(path).catch(() => null);
          return now?.mtimeMs === before.mtimeMs && now.size === before.size;
        },
      });
      if (!isSent) throw new Refusal(`${path} was changed while it was uploaded: try again when it is finished`);
      return;
    } catch (error) {
      if (outlook(error) === 'stays' || tries === TRIES) throw error;
      await sleep(PAUSE_MS * 2 ** (tries - 1), undefined, { signal: interrupted });
    }
  }
}

const put: Sender['put'] = async (url, bytes, headers, signal) => {
  try {
    const response = await fetch(url, { method: 'PUT', headers, body: bytes, signal });
    await response.arrayBuffer();
    return { status: response.status, sentence: null };
  } catch {
    return { status: 0, sentence: null };
  }
};
