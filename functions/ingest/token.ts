import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an Authorization header carries the token, with or without "Bearer "; takes the same time whatever is wrong with it. */
export function isToken(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest((header ?? '').replace(/^Bearer /, '')), digest(token.replace(/^Bearer /, '')));
}
