import { createHash } from 'node:crypto';

/** No cookie of a session lasts longer. */
export const SESSION_SECONDS = 12 * 3600;

const digestOf = (session: string): string => createHash('sha256').update(session).digest('base64url');

/** Sessions that were signed out of, by the digest of their cookies, and when each would have ended by itself, in milliseconds. */
const signedOut = new Map<string, number>();

/** Has a session's cookie let nobody in from now on: it may still be in use, by events that are listened to or by whoever copied it. */
export function endSession(session: string, now: Date): void {
  for (const [digest, until] of signedOut) if (until < now.getTime()) signedOut.delete(digest);
  signedOut.set(digestOf(session), now.getTime() + SESSION_SECONDS * 1000);
}

/** Whether it was signed out of, as far as this process knows: where there are several, each knows what it was asked itself. */
export const hasSignedOut = (session: string): boolean => signedOut.size > 0 && signedOut.has(digestOf(session));
