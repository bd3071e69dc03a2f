import { asksWho, type Config } from '../../../shared/config.ts';
import { Problem } from '../../problem.ts';
import type { Handler } from '../call.ts';
import { noEntry } from './caller.ts';
import type { Cookie } from './cookies.ts';
import { seal, unseal } from './seal.ts';
import { endSession, SESSION_SECONDS } from './signed-out.ts';
import { identityOfToken } from './tokens.ts';
import { type Identity, meOf, userOf } from './user.ts';

const UNDER_WAY_SECONDS = 600;
const DAY_SECONDS = 24 * 3600;
const NOT_SIGNED_IN = { status: 302 as const, location: '/#not-signed-in' };

export const showMe: Handler<'showMe'> = async ({ user, config }) => ({ status: 200, body: meOf(user, config) });

export const signIn: Handler<'signIn'> = backToPage(async ({ config, query, now }) => {
  const { beginSignIn } = await provider(config);
  const { location, underWay } = await beginSignIn(config, ownPath(query.to));
  const value = await seal(config, 'sign-in', underWay, { seconds: UNDER_WAY_SECONDS, now });
  return { status: 302, location, cookies: [{ for: 'sign-in', value, seconds: UNDER_WAY_SECONDS }] };
});

export const finishSignIn: Handler<'finishSignIn'> = backToPage(async ({ config, query, cookies, now }) => {
  const { finishSignIn: finish, UnderWaySchema } = await provider(config);
  const sealed = cookies('sign-in');
  const underWay = sealed ? await unseal(config, 'sign-in', sealed, { schema: UnderWaySchema, now }) : null;
  if (!underWay) throw new Problem(403, 'Signing in took too long, or was begun in another browser: sign in again');
  const session = await sessionOf(await finish(config, query, underWay), config, now);
  return {
    status: 302,
    location: underWay.to,
    cookies: [session, { for: 'sign-in', value: null, seconds: 0 }],
  };
});

export const signInByToken: Handler<'signInByToken'> = async ({ config, body: { token }, now }) => {
  const identity = identityOfToken(token, config);
  if (!identity) throw noEntry();
  return {
    status: 200,
    body: meOf(userOf(identity, config), config),
    cookies: [await sessionOf(identity, config, now)],
  };
};

export const signOut: Handler<'signOut'> = async ({ config, identity, cookies, now }) => {
  const session = identity ? cookies('session') : undefined;
  if (session) endSession(session, now);
  const location = identity?.issuer ? await (await provider(config)).endOfSession(config) : null;
  return { status: 200, body: { location }, cookies: [{ for: 'session', value: null, seconds: 0 }] };
};

export const createToken: Handler<'createToken'> = async ({ config, identity, body: { expiresInDays }, now }) => {
  if (!asksWho(config)) throw new Problem(404, 'Nobody has to sign in here, so nobody needs a token');
  // Else one that gets lost could be renewed for ever.
  if (!identity) throw new Problem(403, 'A token that was made here makes no others: sign in and make one');
  const seconds = expiresInDays * DAY_SECONDS;
  return {
    status: 200,
    body: {
      token: await seal(config, 'bearer', identity, { seconds, now }),
      expiresAt: new Date(now.getTime() + seconds * 1000).toISOString(),
    },
  };
};

const sessionOf = async (identity: Identity, config: Config, now: Date): Promise<Cookie> => ({
  for: 'session',
  value: await seal(config, 'session', identity, { seconds: SESSION_SECONDS, now }),
  seconds: SESSION_SECONDS,
});

/** What speaks to the provider, loaded only where there is one. */
async function provider({ MONTAGE_OIDC_ISSUER }: Config) {
  if (!MONTAGE_OIDC_ISSUER) throw new Problem(404, 'Nobody signs in with a provider here');
  return import('./oidc.ts');
}

/** A path of this host; anything that leads elsewhere leads to its beginning. */
export function ownPath(to: string): string {
  const here = 'http://here.invalid';
  const url = URL.canParse(to, here) ? new URL(to, here) : null;
  // What begins with two slashes, as "/.//host" comes out, is another host to a browser.
  return url?.origin === here && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}${url.hash}` : '/';
}

/** Has a browser that can't be signed in land on the page, which says so, rather than before a problem in JSON. */
function backToPage<Asked extends { header: (name: string) => string | undefined }, Answer>(
  handle: (call: Asked) => Promise<Answer>,
): (call: Asked) => Promise<Answer | typeof NOT_SIGNED_IN> {
  return async (call) => {
    try {
      return await handle(call);
    } catch (error) {
      if (error instanceof Problem && call.header('Accept')?.includes('text/html')) return NOT_SIGNED_IN;
      throw error;
    }
  };
}
