import { text } from 'node:stream/consumers';
import type { Client } from 'minio';
import type { Bucket } from '../shared/keys.ts';
import { contentTypeOf } from './content-type.ts';
import { isCode, minioError } from './minio-errors.ts';
import { checkNewKey } from './object-key.ts';
import { type ArrivedPart, type PartedObject, type Parts, PartsChanged } from './parts.ts';
import type { ObjectInfo } from './store.ts';

interface MinioPartsOptions {
  client: Client;
  /** The server's URL, for what is said of it. */
  url: string;
  bucketName: (bucket: Bucket) => string;
  /** A signed URL to PUT to, with a query. */
  sign: (bucket: Bucket, key: string, expiresSeconds: number, query: Record<string, string>) => Promise<string>;
  stat: (bucket: Bucket, key: string) => Promise<ObjectInfo | null>;
}

/**
 * Parts as S3's multipart uploads, begun with SHA-256 as their checksum, so that MinIO takes no part without one. What was begun a day
 * ago and never completed MinIO removes by itself (`stale_uploads_expiry`); it knows no lifecycle rule for that.
 */
export class MinioParts implements Parts {
  readonly #options: MinioPartsOptions;

  constructor(options: MinioPartsOptions) {
    this.#options = options;
  }

  async begin(bucket: Bucket, key: string): Promise<string> {
    checkNewKey(key);
    const { client, bucketName, url } = this.#options;
    const headers = { 'content-type': contentTypeOf(key), 'x-amz-checksum-algorithm': 'SHA256' };
    return client.initiateNewMultipartUpload(bucketName(bucket), key, headers).catch((error: unknown) => {
      throw minioError(error, url);
    });
  }

  url({ bucket, key, sending }: PartedObject, number: number, expiresSeconds: number): Promise<string> {
    return this.#options.sign(bucket, key, expiresSeconds, { uploadId: sending, partNumber: String(number) });
  }

  async list(object: PartedObject): Promise<ArrivedPart[] | null> {
    const parts: ArrivedPart[] = [];
    for (let after: string | null = '0'; after !== null; ) {
      const xml = await this.#ask('GET', object, { 'part-number-marker': after });
      if (xml === null) return null;
      parts.push(...[...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => partIn(part)));
      after = textIn(xml, 'IsTruncated') === 'true' ? textIn(xml, 'NextPartNumberMarker') : null;
    }
    return parts;
  }

  async complete(object: PartedObject, parts: readonly ArrivedPart[]): Promise<ObjectInfo | null> {
    const listed = parts.map(
      ({ number, etag, sha256 }) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag><ChecksumSHA256>${base64Of(sha256)}</ChecksumSHA256></Part>`,
    );
    const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${listed.join('')}</CompleteMultipartUpload>`;
    const made = await this.#ask('POST', object, {}, body, { 'if-none-match': '*' });
    return made === null ? null : this.#options.stat(object.bucket, object.key);
  }

  async abort(object: PartedObject): Promise<void> {
    await this.#ask('DELETE', object, {});
  }

  /** The answer to a question about a sending; null where there is no such sending, or its object may not be made. */
  async #ask(
    method: 'GET' | 'POST' | 'DELETE',
    { bucket, key, sending }: PartedObject,
    query: Record<string, string>,
    body = '',
    headers: Record<string, string> = {},
  ): Promise<string | null> {
    const { client, bucketName, url } = this.#options;
    const asked = new URLSearchParams({ ...query, uploadId: sending });
    const request = { method, bucketName: bucketName(bucket), objectName: key, query: asked.toString(), headers };
    try {
      return await text(await client.makeRequestAsync(request, body, method === 'DELETE' ? [204] : [200]));
    } catch (error) {
      if (isCode(error, 'NoSuchUpload', 'PreconditionFailed')) return null;
      throw isCode(error, 'InvalidPart') ? new PartsChanged(key) : minioError(error, url);
    }
  }
}

/** The `minio` package leaves checksums out. Nothing in here is anybody's text: numbers, hex, base64 and times. */
function partIn(xml: string): ArrivedPart {
  return {
    number: Number(textIn(xml, 'PartNumber')),
    bytes: Number(textIn(xml, 'Size')),
    sha256: Buffer.from(textIn(xml, 'ChecksumSHA256'), 'base64').toString('hex'),
    etag: textIn(xml, 'ETag').replace(/"|&#34;|&quot;/g, ''),
    arrivedAt: new Date(textIn(xml, 'LastModified')),
  };
}

const textIn = (xml: string, tag: string): string => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? '';
const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
