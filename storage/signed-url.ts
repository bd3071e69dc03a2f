import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Bucket, BucketSchema } from '../shared/keys.ts';
import { Refusal } from '../shared/refusal.ts';
import { checkKey } from './object-key.ts';
import type { SignedUrlOptions } from './store.ts';

/** One part of an object that arrives in parts: which, where in the object it belongs, and how large it is. */
const PartSchema = z.object({
  sending: z.uuid(),
  number: z.coerce.number().int().positive(),
  start: z.coerce.number().int().nonnegative(),
  bytes: z.coerce.number().int().positive(),
});
export type SignedPart = z.infer<typeof PartSchema>;

const QuerySchema = z.object({
  method: z.enum(['GET', 'PUT']),
  /** Seconds since 1970. */
  expires: z.coerce.number().int().positive(),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
  saveAs: z.string().optional(),
  ...PartSchema.partial().shape,
});

/** What a signed URL gives the right to. */
export interface SignedAccess {
  bucket: Bucket;
  key: string;
  method: 'GET' | 'PUT';
  /** The part of the object that may be put; without it, the whole. */
  part?: SignedPart;
  /** The name under which what is got is saved. */
  saveAs?: string;
}

/**
 * `<publicUrl>/store/<bucket>/<key>?method&expires&signature`, and what tells the part or the name where it is for one: HMAC-SHA-256 over what it
 * allows and until when. `now` in milliseconds.
 */
export function signUrl(
  secret: string,
  publicUrl: string,
  bucket: Bucket,
  key: string,
  options: SignedUrlOptions,
  now: number,
  part?: SignedPart,
): string {
  const expires = Math.floor(now / 1000) + options.expiresSeconds;
  const url = new URL(`${publicUrl.replace(/\/+$/, '')}/store/${bucket}/${encodeKey(key)}`);
  url.searchParams.set('method', options.method);
  url.searchParams.set('expires', String(expires));
  for (const [name, value] of Object.entries(part ?? {})) url.searchParams.set(name, String(value));
  if (options.saveAs !== undefined) url.searchParams.set('saveAs', options.saveAs);
  const access = { bucket, key, ...methodAndName(options), ...(part && { part }) };
  url.searchParams.set('signature', signature(secret, access, expires));
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
  const part = PartSchema.safeParse(query.data).data;
  const access = { bucket: bucket.data, key, ...methodAndName(query.data), ...(part && { part }) };
  const expected = Buffer.from(signature(secret, access, query.data.expires));
  if (!timingSafeEqual(expected, Buffer.from(query.data.signature))) return null;
  if (query.data.expires * 1000 <= now) return null;
  return method === access.method || (method === 'HEAD' && access.method === 'GET') ? access : null;
}

const methodAndName = ({ method, saveAs }: Pick<SignedAccess, 'method'> & { saveAs?: string | undefined }) => ({
  method,
  ...(saveAs === undefined ? {} : { saveAs }),
});

function signature(secret: string, { method, bucket, key, part, saveAs }: SignedAccess, expires: number): string {
  const ofPart = part ? [part.sending, part.number, part.start, part.bytes] : [];
  return createHmac('sha256', secret)
    .update(JSON.stringify([method, bucket, key, expires, ...ofPart, ...(saveAs === undefined ? [] : [saveAs])]))
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
