import * as oidc from 'openid-client';
import { z } from 'zod';
import type { Config } from '../../../shared/config.ts';
import { log } from '../../../shared/log.ts';
import { sentenceOf } from '../../../shared/refusal.ts';
import { Problem } from '../../problem.ts';
import { type Identity, ownerOf } from './user.ts';

const FORGET_DISCOVERY_MS = 3600 * 1000;
const TIMEOUT_SECONDS = 10;

/** What is remembered, sealed, in the browser of somebody who is on the way to the provider and back. */
export const UnderWaySchema = z.object({
  state: z.string(),
  nonce: z.string(),
  /** Of PKCE (RFC 7636): who takes the code away on the way can do nothing with it. */
  verifier: z.string(),
  to: z.string(),
});
export type UnderWay = z.infer<typeof UnderWaySchema>;

/** Where to send a browser to sign in: OpenID Connect Core 1.0, authorization code flow with PKCE, `state` and `nonce`. */
export async function beginSignIn(config: Config, to: string): Promise<{ location: string; underWay: UnderWay }> {
  const provider = await discovered(config);
  const underWay = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
    to,
  };
  const url = oidc.buildAuthorizationUrl(provider, {
    redirect_uri: callbackOf(config),
    scope: config.MONTAGE_OIDC_SCOPE,
    code_challenge: await oidc.calculatePKCECodeChallenge(underWay.verifier),
    code_challenge_method: 'S256',
    state: underWay.state,
    nonce: underWay.nonce,
  });
  return { location: url.href, underWay };
}

/**
 * Who came back, by the query that the provider sent the browser with.
 *
 * @throws {Problem} 403 where the provider, or what it says, lets nobody in, 503 where it doesn't answer.
 */
export async function finishSignIn(
  config: Config,
  query: Readonly<Record<string, unknown>>,
  { state, nonce, verifier }: UnderWay,
): Promise<Identity> {
  const provider = await discovered(config);
  const url = new URL(callbackOf(config));
  for (const [name, value] of Object.entries(query)) if (typeof value === 'string') url.searchParams.set(name, value);
  const tokens = await oidc
    .authorizationCodeGrant(provider, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    })
    .catch((error: unknown) => {
      if (isAway(error)) throw away(error);
      log.warn('nobody was signed in', { reason: sentenceOf(error) });
      throw new Problem(403, 'The provider did not let you in: sign in again');
    });
  const claims = tokens.claims();
  if (!claims) throw new Problem(403, 'The provider did not say who you are: sign in again');
  // Some say it only when they are asked.
  const said =
    claims.email === undefined && provider.serverMetadata().userinfo_endpoint
      ? { ...claims, ...(await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub).catch(() => ({}))) }
      : claims;
  const { name, preferred_username: called, email, email_verified: verified } = said as Record<string, unknown>;
  const text = [name, called, email].find((each) => typeof each === 'string' && each !== '');
  return {
    name: String(text ?? claims.sub).slice(0, 100),
    owner: ownerOf(claims.iss, claims.sub),
    issuer: String(config.MONTAGE_OIDC_ISSUER),
    known: verified === true && typeof email === 'string' ? email : null,
  };
}

/** Where the provider forgets a person too; null where it doesn't offer that (OpenID Connect RP-Initiated Logout 1.0), or doesn't answer. */
export async function endOfSession(config: Config): Promise<string | null> {
  const provider = await discovered(config).catch(() => null);
  if (!provider?.serverMetadata().end_session_endpoint) return null;
  return oidc.buildEndSessionUrl(provider, {
    client_id: String(config.MONTAGE_OIDC_CLIENT_ID),
    post_logout_redirect_uri: new URL('/', config.MONTAGE_PUBLIC_URL).href,
  }).href;
}

/** The provider sends browsers back to where people reach Montage, and nowhere else. */
const callbackOf = ({ MONTAGE_PUBLIC_URL }: Config): string => new URL('/v1/sign-in/callback', MONTAGE_PUBLIC_URL).href;

let known: { provider: Promise<oidc.Configuration>; at: number } | null = null;

/**
 * What the provider says of itself (OpenID Connect Discovery 1.0), asked for once in a while.
 *
 * @throws {Problem} 503 while it doesn't answer.
 */
async function discovered(config: Config): Promise<oidc.Configuration> {
  if (!known || Date.now() - known.at > FORGET_DISCOVERY_MS) known = { provider: discover(config), at: Date.now() };
  return known.provider.catch((error: unknown) => {
    known = null;
    throw away(error);
  });
}

/** What a provider says of itself when it is its own fault (RFC 6749, 4.1.2.1). */
const ITS_OWN_TROUBLE = ['server_error', 'temporarily_unavailable'];

/**
 * Whether something went wrong because the provider didn't answer, not in time, or only that it can't now: then it has let nobody in
 * or out, and may when it is asked again. What is known of it may lie beneath what the client library says.
 */
function isAway(error: unknown): boolean {
  // How `fetch` says that nobody answers, and that it took too long.
  if (error instanceof TypeError) return true;
  if (error instanceof DOMException) return ['TimeoutError', 'AbortError'].includes(error.name);
  if (error instanceof Response) return error.status >= 500;
  if (error instanceof oidc.ResponseBodyError && error.status >= 500) return true;
  if (error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError)
    return ITS_OWN_TROUBLE.includes(error.error);
  return error instanceof Error && isAway(error.cause);
}

function away(error: unknown): Problem {
  log.error('the OpenID provider does not answer', { reason: sentenceOf(error) });
  return new Problem(503, 'The provider that people sign in with does not answer: try again soon');
}

function discover(config: Config): Promise<oidc.Configuration> {
  const { MONTAGE_OIDC_ISSUER: issuer, MONTAGE_OIDC_CLIENT_ID: id, MONTAGE_OIDC_CLIENT_SECRET: secret } = config;
  const url = new URL(String(issuer));
  // Without TLS, only on this machine.
  const isOwn = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return oidc.discovery(url, String(id), secret, bySecret(String(secret)), {
    timeout: TIMEOUT_SECONDS,
    execute: url.protocol === 'http:' && isOwn ? [oidc.allowInsecureRequests] : [],
  });
}

/** In a header, as clients are registered unless somebody asks otherwise and providers take it that say nothing, else in the body. */
const bySecret =
  (secret: string): oidc.ClientAuth =>
  (server, ...asked) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const prove = methods.includes('client_secret_basic') ? oidc.ClientSecretBasic : oidc.ClientSecretPost;
    return prove(secret)(server, ...asked);
  };
