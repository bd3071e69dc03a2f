import { asksWho, type Config } from '../../../shared/config.ts';
import { Problem } from '../../problem.ts';
import { cookiesIn } from './cookies.ts';
import { unseal } from './seal.ts';
import { hasSignedOut } from './signed-out.ts';
import { identityOfToken, stillHolds } from './tokens.ts';
import { EVERYBODY, type Identity, IdentitySchema, type User, userOf } from './user.ts';

/** What of a request says who sends it. */
interface Request {
  method: string;
  header: (name: string) => string | undefined;
}

/** Who sends a request. */
export interface Caller {
  /** Null for who hasn't signed in. */
  user: User | null;
  /** Whom tokens can be made for; null for who hasn't signed in, or only brings such a token. */
  identity: Identity | null;
}

/** A token is no use, whatever the reason. */
export const noEntry = () => new Problem(401, 'This token lets nobody in: it is wrong, has expired, or was taken back');

/**
 * Finds out who sends a request.
 *
 * @throws {Problem} 401 for a token that lets nobody in, 403 for a cookie that a page of another site had sent along.
 */
export async function callerOf(request: Request, config: Config, now: Date): Promise<Caller> {
  if (!asksWho(config)) return { user: EVERYBODY, identity: null };
  const bearer = /^Bearer +(.+)$/i.exec(request.header('Authorization') ?? '')?.[1];
  if (bearer !== undefined) return callerByToken(bearer, config, now);
  const cookie = cookiesIn(config, request)('session');
  const identity = cookie && !hasSignedOut(cookie) ? await unsealed('session', cookie, config, now) : null;
  if (!identity) return { user: null, identity: null };
  if (!['GET', 'HEAD'].includes(request.method) && !isFromOwnPage(request, config))
    throw new Problem(403, 'A page of another site may change nothing here');
  return { user: userOf(identity, config), identity };
}

async function callerByToken(token: string, config: Config, now: Date): Promise<Caller> {
  const identity = identityOfToken(token, config);
  if (identity) return { user: userOf(identity, config), identity };
  const made = await unsealed('bearer', token, config, now);
  if (!made) throw noEntry();
  return { user: userOf(made, config), identity: null };
}

async function unsealed(purpose: 'session' | 'bearer', text: string, config: Config, now: Date) {
  const identity = await unseal(config, purpose, text, { schema: IdentitySchema, now });
  return identity && stillHolds(identity, config) ? identity : null;
}

/**
 * Whether a browser says that our own page sends it. Cookies go along with what pages of the same site send, another one of the same
 * domain too, so those are not enough.
 */
function isFromOwnPage({ header }: Request, { MONTAGE_PUBLIC_URL }: Config): boolean {
  const site = header('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin';
  // Browsers say no more than this by plain http. What stands between may have changed the host that was asked for; no page can say so.
  const origin = header('Origin');
  const own = [header('Host'), header('X-Forwarded-Host'), MONTAGE_PUBLIC_URL && new URL(MONTAGE_PUBLIC_URL).host];
  return origin !== undefined && URL.canParse(origin) && own.includes(new URL(origin).host);
}
