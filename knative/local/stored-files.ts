import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Refusal, sentenceOf } from '../../shared/refusal.ts';
import { rangeIn } from '../../storage/byte-range.ts';
import { contentTypeOf } from '../../storage/content-type.ts';
import type { FolderStore } from '../../storage/folder.ts';
import { NoSuchSending } from '../../storage/folder-parts.ts';
import { CHECKSUM_HEADER } from '../../storage/parts.ts';
import { saveAs } from '../../storage/save-as.ts';
import type { SignedAccess, SignedPart } from '../../storage/signed-url.ts';
import type { ObjectInfo, Store } from '../../storage/store.ts';
import { answerProblem } from './answer.ts';

interface StoredFilesOptions {
  store: FolderStore;
  /** What a signed URL allows, or null. `now` in milliseconds. */
  verify: (url: string, method: string, now: number) => SignedAccess | null;
  /** Folder where uploads are put together. */
  scratch: string;
}

/** Answers the signed URLs of the folder store, as an S3 server does: GET and HEAD with ranges, and PUT, also of parts. */
export async function serveStoredFile(
  { store, verify, scratch }: StoredFilesOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const access = verify(incoming.url ?? '', incoming.method ?? '', Date.now());
  if (!access) {
    answerProblem(outgoing, 403, 'This link is not valid or no longer so: ask for a new one');
    return;
  }
  if (access.part) return takePart(store, access.part, incoming, outgoing);
  if (access.method === 'PUT') return take(store, access, scratch, incoming, outgoing);
  const info = await store.stat(access.bucket, access.key);
  if (!info) {
    answerProblem(outgoing, 404, `There is no ${access.key} in ${access.bucket}`);
    return;
  }
  if (access.saveAs !== undefined) outgoing.setHeader('content-disposition', saveAs(access.saveAs));
  await give(store, info, incoming, outgoing);
}

async function give(
  store: Store,
  info: ObjectInfo,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { bucket, key, etag, size } = info;
  const tag = `"${etag}"`;
  const { range, 'if-range': ifRange, 'if-none-match': ifNoneMatch } = incoming.headers;
  outgoing.setHeader('etag', tag);
  outgoing.setHeader('last-modified', info.lastModified.toUTCString());
  outgoing.setHeader('accept-ranges', 'bytes');
  // A file that somebody put here must never run as a page of ours.
  outgoing.setHeader('x-content-type-options', 'nosniff');
  outgoing.setHeader('content-security-policy', "sandbox; default-src 'none'; media-src 'self'");
  if (ifNoneMatch?.split(/\s*,\s*/).includes(tag)) {
    outgoing.writeHead(304).end();
    return;
  }
  const asked = ifRange === undefined || ifRange === tag ? rangeIn(range, size) : null;
  if (asked === 'unsatisfiable') {
    outgoing.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  const headers = { 'content-type': contentTypeOf(key), 'content-length': asked ? asked.end - asked.start + 1 : size };
  if (asked) outgoing.writeHead(206, { ...headers, 'content-range': `bytes ${asked.start}-${asked.end}/${size}` });
  else outgoing.writeHead(200, headers);
  if (incoming.method === 'HEAD' || size === 0) outgoing.end();
  else {
    const stream = await store.stream(bucket, key, asked ?? undefined);
    // Of a client that has gone meanwhile, `pipeline` would leave the file open.
    if (outgoing.destroyed) stream.destroy();
    else await pipeline(stream, outgoing);
  }
}

/** Objects are written once: a name that is taken is refused. */
async function take(
  store: Store,
  { bucket, key }: SignedAccess,
  scratch: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const folder = await mkdtemp(join(scratch, 'montage-upload-'));
  try {
    const file = join(folder, 'upload');
    await pipeline(incoming, createWriteStream(file));
    const info = await store.putFileOnce(bucket, key, file);
    if (info) outgoing.writeHead(200, { etag: `"${info.etag}"`, 'content-length': 0 }).end();
    else answerProblem(outgoing, 412, `There is a ${key} in ${bucket} already: use another name`);
  } catch (error) {
    // An upload that was broken off has nobody to answer to.
    if (!incoming.complete) outgoing.destroy();
    else answerProblem(outgoing, 500, sentenceOf(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function takePart(
  { parts }: FolderStore,
  part: SignedPart,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { [CHECKSUM_HEADER]: checksum, 'content-length': length } = incoming.headers;
  const sha256 = Buffer.from(String(checksum ?? ''), 'base64');
  try {
    if (sha256.length !== 32) throw new Refusal(`A part comes with its SHA-256, in base64, as ${CHECKSUM_HEADER}`);
    if (length !== undefined && Number(length) !== part.bytes)
      throw new Refusal(`Part ${part.number} has ${part.bytes} bytes, not ${length}: nothing of it was taken`);
    await parts.put(part, sha256.toString('hex'), incoming);
    outgoing.writeHead(200, { 'content-length': 0 }).end();
  } catch (error) {
    if (!incoming.complete && incoming.destroyed) outgoing.destroy();
    else if (error instanceof Refusal) answerProblem(outgoing, 400, sentenceOf(error));
    else answerProblem(outgoing, error instanceof NoSuchSending ? 404 : 500, sentenceOf(error));
  }
}
