import { once } from 'node:events';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

/** People who have an account there, by their subject. */
export const ACCOUNTS = {
  'ann-1': { name: 'Ann Example', email: 'ann@example.com', email_verified: true },
  'ben-2': { name: 'Ben Example', email: 'ben@example.com', email_verified: false },
  'olga-3': { name: 'Olga Example', email: 'olga@example.com', email_verified: true },
};
export type Account = keyof typeof ACCOUNTS;

const CLIENT = { client_id: 'montage', client_secret: 'a secret with a space & a +, 32 or more' };

/** What Montage at `publicUrl` is told of a provider. */
export const settingsFor = (issuer: string, publicUrl: string) => ({
  MONTAGE_OIDC_ISSUER: issuer,
  MONTAGE_OIDC_CLIENT_ID: CLIENT.client_id,
  MONTAGE_OIDC_CLIENT_SECRET: CLIENT.client_secret,
  MONTAGE_PUBLIC_URL: publicUrl,
});

/** A real OpenID provider on this machine that knows Montage at `publicUrl`, and the people above by whatever password. */
export async function startProvider(
  issuer: string,
  publicUrl: string,
  { method = 'client_secret_basic' as 'client_secret_basic' | 'client_secret_post' } = {},
): Promise<AsyncDisposable> {
  const provider = new Provider(issuer, {
    clients: [
      {
        ...CLIENT,
        token_endpoint_auth_method: method,
        redirect_uris: [`${publicUrl}/v1/sign-in/callback`],
        post_logout_redirect_uris: [`${publicUrl}/`],
      },
    ],
    clientAuthMethods: [method],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
    findAccount: (_, sub) =>
      sub in ACCOUNTS ? { accountId: sub, claims: () => ({ sub, ...ACCOUNTS[sub as Account] }) } : undefined,
  });
  const server = createServer(provider.callback()).listen(Number(new URL(issuer).port), '127.0.0.1');
  await once(server, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
