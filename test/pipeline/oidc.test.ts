import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ownerOf } from '../../functions/jobs/sign-in/user.ts';
import { type Runtime, startRuntime } from '../../knative/local/runtime.ts';
import type { Me } from '../../shared/api/me.ts';
import { readConfig } from '../../shared/config.ts';
import { FolderStore } from '../../storage/folder.ts';
import { freePort } from '../storage/minio-server.ts';
import { CookieJar } from './cookie-jar.ts';
import { ACCOUNTS, type Account, settingsFor, startProvider } from './provider.ts';

let folder: string;
let runtime: Runtime;
let issuer: string;
let provider: AsyncDisposable;

describe('signing in with an OpenID provider', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-oidc-'));
    const store = new FolderStore(folder);
    await store.prepare();
    const port = await freePort();
    issuer = `http://127.0.0.1:${await freePort()}`;
    const config = readConfig({
      MONTAGE_DATA: folder,
      ...settingsFor(issuer, `http://127.0.0.1:${port}`),
      MONTAGE_OPERATORS: 'ben@example.com OLGA@example.com',
    });
    runtime = await startRuntime({ store, config, port, works: false, idleSeconds: 600, onLog: () => {} });
  });
  afterAll(async () => {
    await runtime?.stop();
    await provider?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const isHome = ({ origin, pathname }: URL) => origin === runtime.url && !pathname.startsWith('/v1/sign-in');
  const isCallback = ({ pathname }: URL) => pathname === '/v1/sign-in/callback';
  const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) });
  const said = async (response: Response) => ({
    status: response.status,
    sentence: ((await response.json()) as { detail: string }).detail,
  });

  /** As far as the address that the provider sends the browser back to, which isn't opened. */
  async function untilCallback(browser: CookieJar, account: Account, to = '/'): Promise<URL> {
    const asked = await browser.follow(`${runtime.url}/v1/sign-in?${new URLSearchParams({ to })}`, {});
    const login = await browser.follow(asked.at.href, form({ prompt: 'login', login: account, password: 'any' }));
    return (await browser.follow(login.at.href, form({ prompt: 'consent' }), isCallback)).at;
  }

  /** The whole way; where the browser is in the end. */
  async function signedIn(account: Account, to = '/') {
    const browser = new CookieJar();
    const callback = await untilCallback(browser, account, to);
    const { at } = await browser.follow(callback.href, {}, isHome);
    return { browser, at };
  }

  const me = async (browser: CookieJar) => (await (await browser.ask(`${runtime.url}/v1/me`)).json()) as Me;
  const post = (browser: CookieJar, path: string, body?: unknown) =>
    browser.ask(`${runtime.url}${path}`, {
      method: 'POST',
      headers: { Origin: runtime.url, 'Content-Type': 'application/json', 'Idempotency-Key': 'once' },
      body: body === undefined ? null : JSON.stringify(body),
    });

  it('can’t be done while the provider is away, which is said, and can as soon as it is there', async () => {
    expect(await said(await fetch(`${runtime.url}/v1/sign-in`))).toEqual({
      status: 503,
      sentence: 'The provider that people sign in with does not answer: try again soon',
    });
    provider = await startProvider(issuer, runtime.url);
    const { status, headers } = await fetch(`${runtime.url}/v1/sign-in`, { redirect: 'manual' });
    const asked = new URL(headers.get('Location') ?? '');
    expect([status, asked.origin]).toEqual([302, issuer]);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code',
      scope: 'openid profile email',
      code_challenge_method: 'S256',
      state: expect.any(String),
      nonce: expect.any(String),
    });
  });

  it('says who it is, by the account, and leads back to where one was going', async () => {
    expect(await me(new CookieJar())).toEqual({ signIn: { provider: true, token: false }, user: null });
    const { browser, at } = await signedIn('ann-1', '/jobs/some-job?of=mine');
    expect(at.href).toBe(`${runtime.url}/jobs/some-job?of=mine`);
    expect(await me(browser)).toEqual({
      signIn: { provider: true, token: false },
      user: { name: ACCOUNTS['ann-1'].name, owner: ownerOf(issuer, 'ann-1'), operator: false },
    });
    expect((await me((await signedIn('ann-1')).browser)).user?.owner).toBe(ownerOf(issuer, 'ann-1'));
  });

  it('leads to no page of another host', async () => {
    for (const to of ['//evil.example', 'https://evil.example/', '/\\evil.example'])
      expect((await signedIn('ann-1', to)).at.href).toBe(`${runtime.url}/`);
  });

  it('keeps what is one account’s from all others', async () => {
    const [ann, ben] = [await signedIn('ann-1'), await signedIn('ben-2')];
    const set = `${ownerOf(issuer, 'ann-1')}~Holiday`;
    const made = await post(ann.browser, '/v1/jobs', { footageSet: set });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };
    const seen = async (browser: CookieJar, path: string) => (await browser.ask(`${runtime.url}${path}`)).status;
    expect(await seen(ann.browser, `/v1/jobs/${id}`)).toBe(200);
    expect(await seen(ben.browser, `/v1/jobs/${id}`)).toBe(404);
    expect(await (await ben.browser.ask(`${runtime.url}/v1/jobs`)).json()).toEqual({ jobs: [], next: null });
    expect((await post(ben.browser, '/v1/jobs', { footageSet: set })).status).toBe(403);
  });

  it('makes operators of those alone whose e-mail address the provider has verified', async () => {
    expect((await me((await signedIn('ben-2')).browser)).user?.operator).toBe(false);
    const { browser } = await signedIn('olga-3');
    expect((await me(browser)).user?.operator).toBe(true);
    expect((await browser.ask(`${runtime.url}/v1/ops`)).status).toBe(200);
  });

  it('is refused where it was begun in another browser, or another time', async () => {
    const begun = { status: 403, sentence: expect.stringContaining('or was begun in another browser') };
    const refused = { status: 403, sentence: expect.stringContaining('did not let you in') };
    const [first, second] = [new CookieJar(), new CookieJar()];
    const callback = await untilCallback(first, 'ann-1');
    expect(await said(await second.ask(callback))).toEqual(begun);
    await untilCallback(second, 'ben-2');
    expect(await said(await second.ask(callback))).toEqual(refused);
    second.cookies.set('montage-sign-in', 'nonsense');
    expect(await said(await second.ask(callback))).toEqual(begun);
    const withoutState = new URL(callback);
    withoutState.searchParams.delete('state');
    expect(await said(await first.ask(withoutState))).toEqual(refused);
    expect((await me(first)).user).toBeNull();
    expect((await me(second)).user).toBeNull();
  });

  it('is done by a code once, even with the cookie that it was begun with', async () => {
    const browser = new CookieJar();
    const callback = await untilCallback(browser, 'ann-1');
    const begunWith = browser.cookies.get('montage-sign-in') ?? '';
    expect((await browser.ask(callback)).status).toBe(302);
    expect(browser.cookies.has('montage-sign-in')).toBe(false);
    expect((await browser.ask(callback)).status).toBe(403);
    const thief = new CookieJar();
    thief.cookies.set('montage-sign-in', begunWith);
    expect((await thief.ask(callback)).status).toBe(403);
    expect((await me(thief)).user).toBeNull();
  });

  it('is refused to who declines at the provider', async () => {
    const browser = new CookieJar();
    const asked = await browser.follow(`${runtime.url}/v1/sign-in`, {});
    const { response } = await browser.follow(`${asked.at.href}/abort`, {});
    expect(await said(response)).toEqual({ status: 403, sentence: 'The provider did not let you in: sign in again' });
  });

  it('is told to have ended at the provider too, which knows the way back', async () => {
    const { browser } = await signedIn('ann-1');
    const answer = await post(browser, '/v1/sign-out');
    const { location } = (await answer.json()) as { location: string };
    expect((await me(browser)).user).toBeNull();
    const asked = await browser.follow(location, {});
    expect([asked.response.status, asked.at.origin]).toEqual([200, issuer]);
    const confirm = await asked.response.text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(confirm)?.[1] ?? '';
    const { at } = await browser.follow(`${issuer}/session/end/confirm`, form({ xsrf, logout: 'yes' }), isHome);
    expect(at.href).toBe(`${runtime.url}/`);
    // The provider asks for the password again.
    const { at: next } = await browser.follow(`${runtime.url}/v1/sign-in`, {});
    expect(next.pathname).toMatch(/^\/interaction\//);
  });

  it('can’t be finished while the provider is away, but be ended', async () => {
    const { browser } = await signedIn('ann-1');
    const other = new CookieJar();
    const callback = await untilCallback(other, 'ben-2');
    await provider[Symbol.asyncDispose]();
    expect(await said(await other.ask(callback))).toEqual({
      status: 503,
      sentence: expect.stringContaining('does not answer: try again soon'),
    });
    const answer = await post(browser, '/v1/sign-out');
    expect(answer.status).toBe(200);
    expect((await me(browser)).user).toBeNull();
  });
});

describe('a provider', () => {
  // What is known of one is remembered.
  beforeEach(() => vi.resetModules());

  it('that is away keeps nobody from signing out', async () => {
    const { signOut } = await import('../../functions/jobs/sign-in/verbs.ts');
    const config = readConfig(settingsFor(`http://127.0.0.1:${await freePort()}`, 'http://127.0.0.1:9'));
    const call = { config, cookies: () => 'a session' };
    expect(await signOut(call as unknown as Parameters<typeof signOut>[0])).toEqual({
      status: 200,
      body: { location: null },
      cookies: [{ for: 'session', value: null, seconds: 0 }],
    });
  });

  it('that hangs, breaks off, or can’t now is said not to answer, and only one that refuses not to let in', async () => {
    const { beginSignIn, finishSignIn } = await import('../../functions/jobs/sign-in/oidc.ts');
    const its = `http://127.0.0.1:${await freePort()}`;
    const config = readConfig(settingsFor(its, 'http://127.0.0.1:9'));
    // What is asked is given up after a moment rather than seconds.
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const short = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(300));
    let answer: (outgoing: ServerResponse) => void = () => {};
    const server = createServer((incoming, outgoing) => {
      if (incoming.url === '/token') return answer(outgoing);
      outgoing.setHeader('Content-Type', 'application/json');
      const named = { issuer: its, authorization_endpoint: `${its}/auth`, token_endpoint: `${its}/token` };
      outgoing.end(JSON.stringify({ ...named, jwks_uri: `${its}/keys`, response_types_supported: ['code'] }));
    });
    const listening = once(server.listen(Number(new URL(its).port), '127.0.0.1'), 'listening');
    try {
      await listening;
      const { underWay } = await beginSignIn(config, '/');
      const finish = (query: Record<string, string>) =>
        finishSignIn(config, { state: underWay.state, ...query }, underWay);
      const json = (status: number, body: string) => (outgoing: ServerResponse) =>
        outgoing.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
      const away = { status: 503, message: expect.stringContaining('does not answer: try again soon') };
      const refused = { status: 403, message: expect.stringContaining('did not let you in') };
      for (const [what, how, told] of [
        ['hangs', () => {}, away],
        ['breaks off', (outgoing: ServerResponse) => outgoing.destroy(), away],
        [
          'stops half way',
          (outgoing: ServerResponse) => outgoing.writeHead(200, { 'Content-Type': 'application/json' }).write('{"ac'),
          away,
        ],
        ['is behind a proxy', (outgoing: ServerResponse) => outgoing.writeHead(502).end('<html>'), away],
        ['has trouble', json(503, '{"error":"temporarily_unavailable"}'), away],
        ['refuses', json(400, '{"error":"invalid_grant"}'), refused],
        ['says nonsense', json(200, '<html>'), refused],
      ] as const) {
        answer = how;
        await expect(finish({ code: 'x' }), what).rejects.toMatchObject(told);
      }
      await expect(finish({ error: 'server_error' })).rejects.toMatchObject(away);
      await expect(finish({ error: 'access_denied' })).rejects.toMatchObject(refused);
    } finally {
      short.mockRestore();
      server.close();
      server.closeAllConnections();
    }
  });

  it.each(['client_secret_basic', 'client_secret_post'] as const)('that wants %s lets people in', async (method) => {
    const { beginSignIn, finishSignIn } = await import('../../functions/jobs/sign-in/oidc.ts');
    const its = `http://127.0.0.1:${await freePort()}`;
    const config = readConfig(settingsFor(its, 'http://127.0.0.1:9'));
    await using _ = await startProvider(its, 'http://127.0.0.1:9', { method });
    const browser = new CookieJar();
    const { location, underWay } = await beginSignIn(config, '/');
    const asked = await browser.follow(location, {});
    const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) });
    const login = await browser.follow(asked.at.href, form({ prompt: 'login', login: 'ben-2', password: 'any' }));
    const isBack = ({ port: at }: URL) => at === '9';
    const { at } = await browser.follow(login.at.href, form({ prompt: 'consent' }), isBack);
    const identity = await finishSignIn(config, Object.fromEntries(at.searchParams), underWay);
    expect(identity).toEqual({ name: 'Ben Example', owner: ownerOf(its, 'ben-2'), issuer: its, known: null });
  });
});
