import type { PartUpload } from '../../shared/api/part-uploads.ts';
import { isForOneLook } from '../../shared/keys.ts';
import { bytesOfPart, partCount, partNumbers } from '../../shared/parts.ts';
import { contentOf, findContent as findInStore } from '../../storage/content.ts';
import { checkNewKey } from '../../storage/object-key.ts';
import { type ArrivedPart, PartsChanged } from '../../storage/parts.ts';
import type { ObjectInfo, Store } from '../../storage/store.ts';
import { beginUpload as begin, findUpload, forgetUpload, type Upload } from '../../storage/uploads.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { checkUploadName, isMedia } from './uploads.ts';

/** Long enough for a part on a slow line; a new one is had for the asking. */
const URL_SECONDS = 900;

export const findContent: Handler<'findContent'> = async ({ store, parameters: { content }, query }) => {
  const { bytes, set } = query;
  const etags = query.etags?.split(',');
  const [bucket, prefix] = set === undefined ? (['music', ''] as const) : (['input', `${set}/`] as const);
  const counts = ({ key, etag }: ObjectInfo) =>
    isMedia(bucket, key) && (bucket === 'input' || !isForOneLook(key)) && (etags?.includes(etag) ?? true);
  const found = await findInStore(store, bucket, prefix, { bytes, content }, counts);
  return { status: 200, body: { key: found?.key ?? null } };
};

export const beginUpload: Handler<'beginUpload'> = async ({ store, body: { bucket, key, bytes, content } }) => {
  checkUploadName(bucket, key);
  checkNewKey(key);
  if (bytes === 0) throw new Problem(400, `${key} is empty: there is nothing to send`);
  if (await store.stat(bucket, key)) throw taken({ bucket, key });
  const { upload, begun } = await begin(store, { bucket, key, bytes, content });
  const parts = (await store.parts.list(upload)) ?? [];
  return { status: begun ? 201 : 200, body: shown(upload, parts) };
};

export const showUpload: Handler<'showUpload'> = async ({ store, parameters }) => {
  const upload = await uploadNamed(store, parameters.upload);
  const parts = await store.parts.list(upload);
  if (!parts) throw over(upload.id);
  return { status: 200, body: shown(upload, parts) };
};

export const signParts: Handler<'signParts'> = async ({ store, parameters, body: { parts } }) => {
  const upload = await uploadNamed(store, parameters.upload);
  const most = partCount(upload);
  const beyond = parts.find((number) => number > most);
  if (beyond !== undefined) throw new Problem(400, `${upload.key} has ${most} parts, no part ${beyond}`);
  const signed = parts.map(async (number) => ({ number, url: await store.parts.url(upload, number, URL_SECONDS) }));
  return { status: 200, body: { urls: await Promise.all(signed) } };
};

/** Completing what is completed is no mistake: the answer may have been lost. */
export const completeUpload: Handler<'completeUpload'> = async ({ store, parameters }) => {
  const upload = await uploadNamed(store, parameters.upload);
  const parts = await store.parts.list(upload);
  if (!parts) {
    const made = await madeOf(store, upload);
    if (!made) throw over(upload.id);
    return completed(upload, made);
  }
  checkParts(upload, parts);
  try {
    const made = (await store.parts.complete(upload, parts)) ?? (await madeOf(store, upload));
    if (!made) throw taken(upload);
    return completed(upload, made);
  } catch (error) {
    throw error instanceof PartsChanged ? new Problem(409, error.message) : error;
  }
};

export const abortUpload: Handler<'abortUpload'> = async ({ store, parameters }) => {
  const upload = await findUpload(store, parameters.upload);
  if (upload) await forgetUpload(store, upload);
  return { status: 204 };
};

/** @throws {Problem} 409 naming the first part that is missing or of another size. */
function checkParts(upload: Upload, parts: readonly ArrivedPart[]): void {
  const arrived = new Map(parts.map((part) => [part.number, part]));
  for (const number of partNumbers(upload)) {
    const [part, wanted] = [arrived.get(number), bytesOfPart(upload, number)];
    const named = `Part ${number} of ${partCount(upload)} of ${upload.key}`;
    if (!part) throw new Problem(409, `${named} has not arrived: send it, then complete the upload`);
    if (part.bytes !== wanted)
      throw new Problem(409, `${named} has ${part.bytes} bytes rather than ${wanted}: send it again`);
  }
}

/** The object that came of an upload, if it did: its content lies under its key. */
async function madeOf(store: Store, { bucket, key, bytes, content }: Upload): Promise<ObjectInfo | null> {
  const object = await store.stat(bucket, key);
  return object?.size === bytes && (await contentOf(store, object)) === content ? object : null;
}

async function uploadNamed(store: Store, id: string): Promise<Upload> {
  const upload = /^[0-9a-f]{32}$/.test(id) ? await findUpload(store, id) : null;
  if (!upload) throw over(id);
  return upload;
}

const over = (id: string) =>
  new Problem(404, `There is no upload ${id} under way: it was completed or given up, or is too old`);
const taken = ({ bucket, key }: Pick<Upload, 'bucket' | 'key'>) =>
  new Problem(412, `There is a ${key} in ${bucket} already: use another name`);

const completed = ({ bucket, key }: Upload, { etag, size }: ObjectInfo) => ({
  status: 200 as const,
  body: { bucket, key, etag, bytes: size },
});

const shown = ({ id, bucket, key, bytes, partBytes }: Upload, parts: readonly ArrivedPart[]): PartUpload => ({
  upload: id,
  bucket,
  key,
  bytes,
  partBytes,
  parts: parts.map(({ number, bytes: size, sha256 }) => ({ number, bytes: size, sha256 })),
});
