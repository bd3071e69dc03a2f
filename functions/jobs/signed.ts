import type { Bucket } from '../../shared/keys.ts';
import type { SignedUrlOptions, Store } from '../../storage/store.ts';

/** For how long a signed URL leads where it says. */
export const EXPIRES_SECONDS = 3600;

/** Where an object is to be had, for a while. */
export async function redirectTo(
  store: Store,
  bucket: Bucket,
  key: string,
  options: Partial<Omit<SignedUrlOptions, 'method'>> = {},
): Promise<{ status: 302; location: string }> {
  return {
    status: 302,
    location: await store.signedUrl(bucket, key, { method: 'GET', expiresSeconds: EXPIRES_SECONDS, ...options }),
  };
}
