import { dirname, join } from 'node:path';
import { isForOneLook, recognise } from '../../shared/keys.ts';
import { FolderStore } from '../../storage/folder.ts';
import { removeEmptyFolders } from '../../storage/folder-write.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { EXPIRES_SECONDS } from './signed.ts';

export const signUpload: Handler<'signUpload'> = async ({ store, body: { bucket, key } }) => {
  checkUploadName(bucket, key);
  const url = await store.signedUrl(bucket, key, { method: 'PUT', expiresSeconds: EXPIRES_SECONDS });
  return { status: 200, body: { url } };
};

/** Only what lies in a folder that `montage analyze` makes for one look: clips and songs of sets are never removed from here. */
export const removeUpload: Handler<'removeUpload'> = async ({ store, parameters: { bucket, key } }) => {
  if (!isForOneLook(key))
    throw new Problem(403, `Only what was uploaded to be analysed, as analyze-<id>/…, can be removed, not ${key}`);
  checkName(key);
  await store.delete(bucket, key);
  // The store leaves folders in these buckets to the people who make them; nobody made this one.
  if (store instanceof FolderStore)
    await removeEmptyFolders(join(store.root, bucket, dirname(key)), join(store.root, bucket));
  return { status: 204 };
};

/**
 * A clip or song can be uploaded under that name.
 *
 * @throws {Problem} 400 when it can't.
 */
export function checkUploadName(bucket: 'input' | 'music', key: string): void {
  checkName(key);
  if (!isMedia(bucket, key)) {
    throw new Problem(
      400,
      `${key} is not named like a ${bucket === 'input' ? 'clip (<set>/<file>.mp4, .mov, .mkv …)' : 'song'}`,
    );
  }
}

/** Whether an object of that name is a clip or song. */
export function isMedia(bucket: 'input' | 'music', key: string): boolean {
  const kind = recognise(bucket, key)?.kind.type;
  return kind === 'ai.montage.footage.created' || kind === 'ai.montage.music.created';
}

function checkName(key: string): void {
  if (key.split('/').some((part) => part === '' || part === '.' || part === '..') || key.includes('\0'))
    throw new Problem(400, `${key} can't be a name here: it has an empty part, "." or ".."`);
}
