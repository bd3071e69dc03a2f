import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Bucket, BucketSchema } from '../shared/keys.ts';
import { Refusal } from '../shared/refusal.ts';
import { checkKey } from './object-key.ts';
import type { SignedUrlOptions } from './store.ts';

const QuerySchema = z.object({
  method: z.enum(['GET', 'PUT']),
  /** Seconds since 1970. */
  expires: z.coerce.number().int().positive(),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What a signed URL gives the right to. */
export interface SignedAccess {
  bucket: Bucket;
  key: string;
  method: 'GET' | 'PUT';
}

/** `<publicUrl>/store/<bucket>/<key>?method&expires&signature`: HMAC-SHA-256 over what it allows and until when. `now` in milliseconds. */
export function signUrl(
  secret: string,
  publicUrl: string,
  bucket: Bucket,
  key: string,
  options: SignedUrlOptions,
  now: number,
): string {
  const expires = Math.floor(now / 1000) + options.expiresSeconds;
  const url = new URL(`${publicUrl.replace(/\/+$/, '')}/store/${bucket}/${encodeKey(key)}`);
  url.searchParams.set('method', options.method);
  url.searchParams.set('expires', String(expires));
  url.searchParams.set('signature', signature(secret, { bucket, key, method: options.method }, expires));
  return url.href;
}

/**
 * Checks a URL (or only its path and query) that `signUrl` made with the same secret. A URL for GET may be asked with HEAD too.
 *
 * @returns what may be done, or null when the signature is wrong, the time is over (`now` in milliseconds) or the method another.
 */
export function verifySignedUrl(secret: string, url: string, method: string, now: number): SignedAccess | null {
  const parsed = URL.parse(url, 'http://store');
  const query = QuerySchema.safeParse(Object.fromEntries(parsed?.searchParams ?? []));
  const path = /\/store\/([^/]+)\/(.+)$/.exec(parsed?.pathname ?? '');
  const bucket = BucketSchema.safeParse(path?.[1]);
  const key = decodeKey(path?.[2] ?? '');
  if (!query.success || !bucket.success || key === null) return null;
  const access = { bucket: bucket.data, key, method: query.data.method };
  const expected = Buffer.from(signature(secret, access, query.data.expires));
  if (!timingSafeEqual(expected, Buffer.from(query.data.signature))) return null;
  if (query.data.expires * 1000 <= now) return null;
  return method === access.method || (method === 'HEAD' && access.method === 'GET') ? access : null;
}

function signature(secret: string, { method, bucket, key }: SignedAccess, expires: number): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify([method, bucket, key, expires]))
    .digest('hex');
}

function encodeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

function decodeKey(path: string): string | null {
  try {
    const key = decodeURIComponent(path);
    checkKey(key);
    return key;
  } catch (error) {
    if (error instanceof URIError || error instanceof Refusal) return null;
    throw error;
  }
}
