import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../shared/log.ts';
import { sentenceOf } from '../shared/refusal.ts';
import { rangeIn } from './byte-range.ts';
import { codeOf } from './folder-errors.ts';
import { NoSuchObject, type ObjectInfo, type Store } from './store.ts';

const FETCH_TRIES = 4;
const FETCH_WAIT_MILLISECONDS = 250;

interface Bridged {
  store: Store;
  object: ObjectInfo;
  failure: Error | null;
}

/** An object under a URL on loopback, until it is closed. */
export interface BridgedSource {
  url: string;
  /** Why a part of it could not be read, if so. ffmpeg may have taken that for the object's end, and ended well. */
  failure(): Error | null;
  close(): Promise<void>;
}

/**
 * The HTTP server through which ffmpeg reads objects that lie in no local file: `http://127.0.0.1:<port>/<token>/<number>`, by
 * ranges, each fetched from the store as it is asked for. Nobody without the random token can read through it.
 */
class Bridge {
  readonly #token = randomBytes(16).toString('hex');
  readonly #sources = new Map<string, Bridged>();
  readonly #server: Server = createServer((request, response) => {
    answer(request, response, this.#sources.get(request.url ?? '')).catch((error: unknown) => {
      log.warn('A part of a source could not be read from the store', { reason: sentenceOf(error) });
      response.destroy();
    });
  });
  #port: Promise<number> | undefined;
  #count = 0;

  async add(bridged: Bridged): Promise<BridgedSource> {
    const path = `/${this.#token}/${this.#count++}`;
    this.#sources.set(path, bridged);
    this.#port ??= new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => resolve((this.#server.address() as AddressInfo).port));
    });
    return {
      url: `http://127.0.0.1:${await this.#port}${path}`,
      failure: () => bridged.failure,
      close: () => this.#remove(path),
    };
  }

  async #remove(path: string): Promise<void> {
    if (!this.#sources.delete(path) || this.#sources.size > 0) return;
    if (bridge === this) bridge = undefined;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** One server a process, while there is a source. */
let bridge: Bridge | undefined;

/** Makes an object readable under a URL on loopback. */
export function bridgeSource(store: Store, object: ObjectInfo): Promise<BridgedSource> {
  bridge ??= new Bridge();
  return bridge.add({ store, object, failure: null });
}

async function answer(request: IncomingMessage, response: ServerResponse, bridged: Bridged | undefined): Promise<void> {
  if (!bridged || (request.method !== 'GET' && request.method !== 'HEAD')) {
    response.writeHead(bridged ? 405 : 404).end();
    return;
  }
  const { object } = bridged;
  const range = rangeIn(request.headers.range, object.size);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${object.size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  response.writeHead(range ? 206 : 200, {
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'content-length': end - start + 1,
    ...(range ? { 'content-range': `bytes ${start}-${end}/${object.size}` } : {}),
  });
  if (request.method === 'HEAD' || object.size === 0) {
    response.end();
    return;
  }
  try {
    await pipeline(bytes(bridged, start, end), response);
  } catch (error) {
    // ffmpeg hangs up whenever it has what it wants; the pipeline has then ended the store's stream too.
    if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** A break on the way is mended here: ffmpeg might take it for the end of the clip. */
async function* bytes(bridged: Bridged, start: number, end: number): AsyncGenerator<Buffer> {
  const { store, object } = bridged;
  const { bucket, key } = object;
  let next = start;
  for (let failures = 0; next <= end; ) {
    try {
      for await (const chunk of await store.stream(bucket, key, { start: next, end })) {
        next += (chunk as Buffer).length;
        failures = 0;
        yield chunk as Buffer;
      }
      if (next <= end) throw new Error(`Object ${key} of bucket ${bucket} ended early`);
    } catch (error) {
      failures += 1;
      if (failures === FETCH_TRIES || error instanceof NoSuchObject) {
        bridged.failure = error instanceof Error ? error : new Error(sentenceOf(error));
        throw error;
      }
      await sleep(failures * FETCH_WAIT_MILLISECONDS);
    }
  }
}
