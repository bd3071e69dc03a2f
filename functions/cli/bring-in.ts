import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Bucket } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import { interrupted } from './exit.ts';
import type { Session } from './session.ts';
import { untilStill } from './until-still.ts';

/** Makes a local file an object of the session's store: linked where the store is a folder of this machine, else uploaded. */
export async function bringIn(
  session: Session,
  bucket: Extract<Bucket, 'input' | 'music'>,
  key: string,
  path: string,
): Promise<void> {
  await untilStill(path);
  if (session.folder) await session.folder.linkOnce(bucket, key, path);
  else await upload(await session.client.uploadUrl(bucket, key), path);
}

async function upload(url: string, path: string): Promise<void> {
  const { size } = await stat(path);
  const response = await fetch(url, {
    method: 'PUT',
    headers: { 'Content-Length': String(size) },
    body: createReadStream(path) as unknown as ReadableStream,
    duplex: 'half',
    signal: interrupted,
  } as RequestInit);
  await response.arrayBuffer();
  // Taken already: names are made from the content, so the same was sent before.
  if (!response.ok && response.status !== 412)
    throw new Refusal(`${path} could not be uploaded: the store answered ${response.status}`);
}
