import type { Bucket } from '../../shared/keys.ts';
import type { Session } from './session.ts';
import { untilStill } from './until-still.ts';
import { upload } from './upload.ts';

/** Makes a local file an object of the session's store: linked where the store is a folder of this machine, else uploaded. */
export async function bringIn(
  session: Session,
  bucket: Extract<Bucket, 'input' | 'music'>,
  key: string,
  path: string,
): Promise<void> {
  await untilStill(path);
  if (session.folder) await session.folder.linkOnce(bucket, key, path);
  else await upload(session.client, bucket, key, path);
}
