import { z } from 'zod';
import { firstIssue } from '../../shared/first-issue.ts';
import { recognise } from '../../shared/keys.ts';
import type { Call, Reply } from './call.ts';
import { Problem } from './problem.ts';

const EXPIRES_SECONDS = 3600;
const UploadSchema = z.strictObject({ bucket: z.enum(['input', 'music']), key: z.string().min(1).max(1024) });

export async function signUpload({ store, body }: Call): Promise<Reply> {
  const upload = UploadSchema.safeParse(body);
  if (!upload.success) throw new Problem(400, firstIssue(upload.error));
  const { bucket, key } = upload.data;
  if (key.split('/').some((part) => part === '' || part === '.' || part === '..') || key.includes('\0')) {
    throw new Problem(400, `${key} can't be a name here: it has an empty part, "." or ".."`);
  }
  const kind = recognise(bucket, key)?.kind.type;
  if (kind !== 'ai.montage.footage.created' && kind !== 'ai.montage.music.created') {
    throw new Problem(
      400,
      `${key} is not named like a ${bucket === 'input' ? 'clip (<set>/<file>.mp4, .mov, .mkv …)' : 'song'}`,
    );
  }
  return {
    status: 200,
    body: { url: await store.signedUrl(bucket, key, { method: 'PUT', expiresSeconds: EXPIRES_SECONDS }) },
  };
}
