import { createHash, createHmac, randomBytes } from 'node:crypto';

const SALT_BYTES = 32;

/** What is noted of a token instead of it. Hex. */
export const newSalt = (): string => randomBytes(SALT_BYTES).toString('hex');

/**
 * The token that whoever named a request gets for it, 256 bits in base64url: the same for the same name and salt, so that whoever lost
 * the answer asks again. Who sees the salt alone can't tell the token, and who chose the name can't choose it.
 */
export const tokenOf = (salt: string, identity: string): string =>
  createHmac('sha256', Buffer.from(salt, 'hex')).update(identity).digest('base64url');

/** What a token is looked up by, in hex: how long that takes says nothing of any token. */
export const linkOf = (token: string): string => createHash('sha256').update(token).digest('hex');
