import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Config } from '../../../shared/config.ts';
import { Refusal } from '../../../shared/refusal.ts';

/** What a sealed text is for: one that was made for something else opens nothing. */
export type Purpose = 'session' | 'bearer' | 'sign-in';

/** A text that says `claims` to whoever has the key, and nothing to whoever carries it, for a while: an encrypted JWT (RFC 7519). */
export async function seal(
  config: Config,
  purpose: Purpose,
  claims: Record<string, unknown>,
  { seconds, now }: { seconds: number; now: Date },
): Promise<string> {
  // Only where people sign in: a function that starts waits for nothing it doesn't need.
  const { EncryptJWT } = await import('jose');
  const from = Math.floor(now.getTime() / 1000);
  return new EncryptJWT({ claims })
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .setAudience(purpose)
    .setIssuedAt(from)
    .setExpirationTime(from + seconds)
    .encrypt(keyOf(config));
}

/** What a sealed text says; null where it isn't ours, was made for something else, or is too old. */
export async function unseal<T>(
  config: Config,
  purpose: Purpose,
  text: string,
  { schema, now }: { schema: z.ZodType<T>; now: Date },
): Promise<T | null> {
  const { errors, jwtDecrypt } = await import('jose');
  try {
    const { payload } = await jwtDecrypt(text, keyOf(config), {
      audience: purpose,
      currentDate: now,
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return schema.safeParse(payload.claims).data ?? null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

function keyOf({ MONTAGE_SESSION_KEY }: Config): Uint8Array {
  if (!MONTAGE_SESSION_KEY)
    throw new Refusal('People sign in here: set MONTAGE_SESSION_KEY to 32 random characters or more');
  return createHash('sha256').update(MONTAGE_SESSION_KEY).digest();
}
