import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cacheKeys, UPLOADS } from '../shared/keys.ts';
import { partBytesFor } from '../shared/parts.ts';
import type { PartedObject } from './parts.ts';
import { readJsonOrNull } from './read-json.ts';
import type { Store } from './store.ts';

const DAY_MS = 24 * 3600 * 1000;

/** What is sent: an object's place, and what will lie there. */
const AimSchema = z.object({
  bucket: z.enum(['input', 'music']),
  key: z.string(),
  bytes: z.number().int().positive(),
  /** Its content id. */
  content: z.string(),
});
export type Aim = z.infer<typeof AimSchema>;

const UploadSchema = AimSchema.extend({ partBytes: z.number().int().positive(), sending: z.string() });

/** An upload in parts that is under way, as it is noted in the cache. */
export interface Upload extends Aim, PartedObject {
  bucket: Aim['bucket'];
  id: string;
}

/** The same file for the same place is the same upload, whoever begins it and how often. */
const idOf = ({ bucket, key, bytes, content }: Aim): string =>
  createHash('sha256')
    .update(JSON.stringify([bucket, key, bytes, content]))
    .digest('hex')
    .slice(0, 32);

/** Goes on with the upload of a file, or begins it: then `begun` is true. */
export async function beginUpload(store: Store, aim: Aim): Promise<{ upload: Upload; begun: boolean }> {
  const id = idOf(aim);
  const key = cacheKeys.upload(id);
  for (;;) {
    // The ETag comes before the content, so that content newer than it can only make the compare-and-set fail.
    const noted = await store.stat('cache', key);
    const upload = noted && (await findUpload(store, id));
    if (upload && (await store.parts.list(upload))) return { upload, begun: false };
    const parted = { ...aim, partBytes: partBytesFor(aim.bytes) };
    const fresh = { ...parted, sending: await store.parts.begin(aim.bucket, aim.key, aim.bytes) };
    const body = JSON.stringify(fresh);
    const written = noted
      ? await store.replace('cache', key, body, noted.etag)
      : await store.putOnce('cache', key, body);
    if (written) return { upload: { id, ...fresh }, begun: true };
    // Somebody else began the same in this moment.
    await store.parts.abort(fresh);
  }
}

/** The upload of that id; null where there is none. It may have been completed. */
export async function findUpload(store: Store, id: string): Promise<Upload | null> {
  const json = await readJsonOrNull(store, 'cache', cacheKeys.upload(id));
  return json === null ? null : { id, ...UploadSchema.parse(json) };
}

/** Gives an upload up, with all that has arrived of it. */
export async function forgetUpload(store: Store, upload: Upload): Promise<void> {
  await store.parts.abort(upload);
  await store.delete('cache', cacheKeys.upload(upload.id));
}

/** Forgets the uploads of which nothing has arrived for a day. */
export async function clearUploads(store: Store, now: Date): Promise<void> {
  for await (const { key, lastModified } of store.list('cache', UPLOADS)) {
    const isOld = (time: Date) => now.getTime() - time.getTime() > DAY_MS;
    if (!isOld(lastModified)) continue;
    const upload = await findUpload(store, key.slice(UPLOADS.length, -'.json'.length));
    const parts = upload && (await store.parts.list(upload));
    if (!parts?.some(({ arrivedAt }) => !isOld(arrivedAt)) && upload) await forgetUpload(store, upload);
  }
}
