import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../../../shared/config.ts';
import { type Identity, ownerOf } from './user.ts';

/** The tokens that the settings name, and whose they are. */
interface SetToken {
  digest: Buffer;
  identity: Identity;
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Whoever the settings give this token to; null where they give it to nobody. Takes the same time whatever is wrong with it. */
export function identityOfToken(token: string, config: Config): Identity | null {
  const digest = digestOf(token);
  let found: Identity | null = null;
  for (const each of tokensIn(config)) if (timingSafeEqual(each.digest, digest)) found = each.identity;
  return found;
}

/** Whether what was made still holds: the settings may have another token by now, nobody of that name, or another provider. */
export const stillHolds = ({ token, name, issuer }: Identity, config: Config): boolean =>
  token === undefined
    ? issuer !== undefined && issuer === config.MONTAGE_OIDC_ISSUER
    : tokensIn(config).some(({ identity }) => identity.token === token && identity.name === name);

function tokensIn({ MONTAGE_ACCESS_TOKEN, MONTAGE_TOKENS = '' }: Config): SetToken[] {
  const named = MONTAGE_TOKENS.split(/\s+/).filter((each) => each !== '');
  const tokens = named.map((each): SetToken => {
    const [name, token] = [each.slice(0, each.indexOf(':')), each.slice(each.indexOf(':') + 1)];
    return setToken(token, { name, owner: ownerOf('token', name), known: name });
  });
  return MONTAGE_ACCESS_TOKEN
    ? [...tokens, setToken(MONTAGE_ACCESS_TOKEN, { name: '', owner: null, known: null })]
    : tokens;
}

function setToken(token: string, identity: Omit<Identity, 'token'>): SetToken {
  const digest = digestOf(token);
  // What is kept in cookies is a digest of the digest: it opens nothing.
  return { digest, identity: { ...identity, token: createHash('sha256').update(digest).digest('hex').slice(0, 16) } };
}
