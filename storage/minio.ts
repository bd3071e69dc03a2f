import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'minio';
import { BUCKETS, type Bucket } from '../shared/keys.ts';
import { Refusal } from '../shared/refusal.ts';
import { contentTypeOf } from './content-type.ts';
import { type MinioAccess, newAgent, newClient, signsContent } from './minio-client.ts';
import { isCode, isMissing, isOverloaded, minioError } from './minio-errors.ts';
import { MinioParts } from './minio-parts.ts';
import { MinioWatch } from './minio-watch.ts';
import { checkKey, checkNewKey, checkPrefix, isHidden } from './object-key.ts';
import { saveAs } from './save-as.ts';
import { type Arrival, NoSuchObject, type ObjectInfo, type SignedUrlOptions, type Store } from './store.ts';

const KEYS_A_PAGE = 1000;
/** A server that has only just been started answers 503 for a moment. */
const START_TRIES = 20;
const START_WAIT_MILLISECONDS = 500;

export interface MinioStoreOptions extends MinioAccess {
  /** Put before the name of each bucket. */
  bucketPrefix?: string;
  /** What signed URLs start with, where people reach the server by another URL than we. */
  publicUrl?: string | undefined;
}

type Condition = { 'if-none-match': '*' } | { 'if-match': string };

/**
 * The store in MinIO, or another S3 that knows conditional writes.
 *
 * What we put ourselves is put in one request: MinIO holds the object's lock from checking the condition to the last byte
 * (erasureObjects.putObject), so write-once is atomic at any size up to its limit of 5 TiB (5 GiB on Amazon's), and the
 * ETag is the MD5 of the content. What people send in `parts` has one of its parts' MD5s and their number: the same for the same
 * content, which is always cut the same way.
 */
export class MinioStore implements Store {
  readonly client: Client;
  readonly parts: MinioParts;
  readonly #options: MinioStoreOptions;

  constructor(options: MinioStoreOptions) {
    this.#options = options;
    this.client = newClient(this.#options);
    this.parts = new MinioParts({
      client: this.client,
      url: options.url,
      bucketName: (bucket) => this.bucketName(bucket),
      sign: (bucket, key, expiresSeconds, query) => this.#sign('PUT', bucket, key, expiresSeconds, query),
      stat: (bucket, key) => this.stat(bucket, key),
    });
  }

  /** The name of a bucket on the server. */
  bucketName(bucket: Bucket): string {
    return (this.#options.bucketPrefix ?? '') + bucket;
  }

  async putOnce(bucket: Bucket, key: string, body: string | Uint8Array): Promise<ObjectInfo | null> {
    checkNewKey(key);
    return this.#putBytes(bucket, key, body, { 'if-none-match': '*' });
  }

  async putFileOnce(bucket: Bucket, key: string, path: string): Promise<ObjectInfo | null> {
    checkNewKey(key);
    const { size } = await stat(path);
    if (await this.stat(bucket, key)) return null;
    const open = () => createReadStream(path, { highWaterMark: 1 << 20 });
    // Over plain HTTP the signature covers the content; over TLS it need not.
    const sha256 = signsContent(this.#options) ? await sha256Of(open()) : '';
    return this.#put(bucket, key, open(), size, sha256, { 'if-none-match': '*' });
  }

  async copy(bucket: Bucket, from: string, to: string): Promise<void> {
    checkKey(from);
    checkNewKey(to);
    const name = this.bucketName(bucket);
    try {
      // MinIO copies at once what S3 would take in parts alone.
      await this.client.copyObject(name, to, `/${name}/${from}`);
    } catch (error) {
      throw isMissing(error) ? new NoSuchObject(bucket, from) : minioError(error, this.#options.url);
    }
  }

  async replace(bucket: Bucket, key: string, body: string | Uint8Array, etag: string): Promise<ObjectInfo | null> {
    checkNewKey(key);
    return this.#putBytes(bucket, key, body, { 'if-match': `"${etag}"` });
  }

  async read(bucket: Bucket, key: string): Promise<Buffer> {
    return buffer(await this.stream(bucket, key));
  }

  async stream(bucket: Bucket, key: string, range?: { start: number; end?: number }): Promise<Readable> {
    checkKey(key);
    const start = range?.start ?? 0;
    try {
      const length = range?.end === undefined ? 0 : range.end - start + 1;
      return await this.client.getPartialObject(this.bucketName(bucket), key, start, length);
    } catch (error) {
      if (isCode(error, 'InvalidRange')) return Readable.from([]);
      throw isMissing(error) ? new NoSuchObject(bucket, key) : minioError(error, this.#options.url);
    }
  }

  async getFile(bucket: Bucket, key: string, path: string): Promise<void> {
    const stream = await this.stream(bucket, key);
    try {
      await pipeline(stream, createWriteStream(path));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async stat(bucket: Bucket, key: string): Promise<ObjectInfo | null> {
    checkKey(key);
    try {
      const { etag, size, lastModified } = await this.client.statObject(this.bucketName(bucket), key);
      return { bucket, key, etag, size, lastModified };
    } catch (error) {
      if (isMissing(error)) return null;
      throw minioError(error, this.#options.url);
    }
  }

  async *list(bucket: Bucket, prefix: string): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    let token = '';
    do {
      const page = await this.#page(bucket, prefix, token);
      for (const { name: key, etag, size, lastModified } of page.objects) {
        if (key === undefined || etag === undefined || lastModified === undefined) continue;
        if (!key.endsWith('/') && !isHidden(key)) yield { bucket, key, etag, size, lastModified };
      }
      token = page.isTruncated ? page.nextContinuationToken : '';
    } while (token);
  }

  async delete(bucket: Bucket, key: string): Promise<void> {
    checkKey(key);
    try {
      await this.client.removeObject(this.bucketName(bucket), key);
    } catch (error) {
      throw minioError(error, this.#options.url);
    }
  }

  async watch(buckets: readonly Bucket[], onArrival: (arrival: Arrival) => void, signal: AbortSignal): Promise<void> {
    const agent = newAgent(this.#options);
    signal.addEventListener('abort', () => agent.destroy(), { once: true });
    const client = newClient(this.#options, agent);
    const watches = buckets.map(
      (bucket) =>
        new MinioWatch({
          client,
          bucketName: this.bucketName(bucket),
          list: () => this.list(bucket, ''),
          onCreated: (created) => {
            if (!isHidden(created.key)) onArrival({ bucket, ...created });
          },
          signal,
        }),
    );
    await Promise.all(watches.map((watch) => watch.start()));
  }

  async signedUrl(
    bucket: Bucket,
    key: string,
    { method, expiresSeconds, saveAs: name }: SignedUrlOptions,
  ): Promise<string> {
    if (method === 'PUT') checkNewKey(key);
    else checkKey(key);
    const query = name === undefined ? {} : { 'response-content-disposition': saveAs(name) };
    return this.#sign(method, bucket, key, expiresSeconds, query);
  }

  async #sign(
    method: 'GET' | 'PUT',
    bucket: Bucket,
    key: string,
    expiresSeconds: number,
    query: Record<string, string> = {},
  ): Promise<string> {
    const name = this.bucketName(bucket);
    const { publicUrl } = this.#options;
    // The region is asked of the URL that we reach: the other may not lead anywhere from here.
    const signer = publicUrl
      ? newClient({ ...this.#options, url: publicUrl, region: await this.client.getBucketRegionAsync(name) })
      : this.client;
    return signer.presignedUrl(method, name, key, expiresSeconds, query);
  }

  async localPath(): Promise<null> {
    return null;
  }

  async prepare(): Promise<void> {
    for (const bucket of BUCKETS) await this.#makeBucket(this.bucketName(bucket));
    if (!(await this.#keepsConditions()))
      throw new Refusal(
        `The object store at ${this.#options.url} ignores If-None-Match or If-Match: use MinIO of 2025 or newer`,
      );
  }

  /** Everything rests on writes that happen once, so a server that just overwrites must not be used. */
  async #keepsConditions(): Promise<boolean> {
    const write = (condition: Condition) => this.#putBytes('cache', '.conditional-writes', 'x', condition);
    await write({ 'if-none-match': '*' });
    return (
      (await write({ 'if-none-match': '*' })) === null && (await write({ 'if-match': `"${'0'.repeat(32)}"` })) === null
    );
  }

  async #makeBucket(name: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        if (!(await this.client.bucketExists(name))) await this.client.makeBucket(name);
        return;
      } catch (error) {
        if (isCode(error, 'BucketAlreadyOwnedByYou', 'BucketAlreadyExists')) return;
        if (!isOverloaded(error) || tries === START_TRIES) throw minioError(error, this.#options.url);
        await sleep(START_WAIT_MILLISECONDS);
      }
    }
  }

  async #page(bucket: Bucket, prefix: string, token: string) {
    try {
      return await this.client.listObjectsV2Query(this.bucketName(bucket), prefix, token, '', KEYS_A_PAGE, '');
    } catch (error) {
      throw minioError(error, this.#options.url);
    }
  }

  async #putBytes(bucket: Bucket, key: string, body: string | Uint8Array, condition: Condition) {
    const bytes = Buffer.from(body as Uint8Array);
    const sha256 = signsContent(this.#options) ? createHash('sha256').update(bytes).digest('hex') : '';
    return this.#put(bucket, key, bytes, bytes.length, sha256, condition);
  }

  async #put(
    bucket: Bucket,
    key: string,
    body: Readable | Buffer,
    size: number,
    sha256: string,
    condition: Condition,
  ): Promise<ObjectInfo | null> {
    const bucketName = this.bucketName(bucket);
    const headers = { 'content-length': String(size), 'content-type': contentTypeOf(key), ...condition };
    try {
      const request = { method: 'PUT', bucketName, objectName: key, headers };
      const response = await this.client.makeRequestStreamAsync(request, body, sha256, [200], '');
      response.resume();
      const etag = String(response.headers.etag).replaceAll('"', '');
      return { bucket, key, etag, size, lastModified: new Date(response.headers.date ?? Date.now()) };
    } catch (error) {
      if (isCode(error, 'PreconditionFailed') || (isMissing(error) && 'if-match' in condition)) return null;
      throw minioError(error, this.#options.url);
    } finally {
      if (body instanceof Readable) body.destroy();
    }
  }
}

async function sha256Of(content: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
