import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { NoAnswer, post } from '../../../functions/notify/post.ts';
import { publicLookup } from '../../../functions/notify/reachable.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { Receiver } from './receiver.ts';

const callOf = (url: string) => ({ url, headers: { 'x-of': 'montage' }, body: 'grüße' });
/** As a resolver that knows these addresses of every name. */
const resolvingTo = (...addresses: string[]) =>
  publicLookup((_host, _options, found) =>
    found(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
  );

describe('a call', () => {
  it('brings the body and the headers, and tells the answer', async () => {
    await using receiver = await Receiver.start({ status: 202, body: 'Thank\n you\u0007!' });
    expect(await post(callOf(receiver.url), { allowPrivate: true })).toEqual({
      status: 202,
      said: 'Thank you !',
      retryAfter: null,
    });
    expect(receiver.received).toMatchObject([
      { body: 'grüße', headers: { 'x-of': 'montage', 'content-length': String(Buffer.byteLength('grüße')) } },
    ]);
  });

  it('reads no more of an answer than its beginning', async () => {
    await using receiver = await Receiver.start({ status: 500, body: 'x'.repeat(50_000_000) });
    const { status, said } = await post(callOf(receiver.url), { allowPrivate: true });
    expect([status, said]).toEqual([500, 'x'.repeat(200)]);
  });

  it('follows no redirect', async () => {
    await using inner = await Receiver.start({ status: 200 });
    await using outer = await Receiver.start({ status: 302, headers: { location: inner.url } });
    expect((await post(callOf(outer.url), { allowPrivate: true })).status).toBe(302);
    expect(inner.connections).toBe(0);
  });

  it('goes past a proxy that the environment names', async () => {
    await using proxy = await Receiver.start({ status: 200 });
    await using receiver = await Receiver.start({ status: 204 });
    for (const name of ['http_proxy', 'HTTP_PROXY', 'NODE_USE_ENV_PROXY']) process.env[name] = proxy.url;
    try {
      expect((await post(callOf(receiver.url), { allowPrivate: true })).status).toBe(204);
    } finally {
      for (const name of ['http_proxy', 'HTTP_PROXY', 'NODE_USE_ENV_PROXY']) delete process.env[name];
    }
    expect(proxy.connections).toBe(0);
  });

  it('that nobody answers says so in a sentence', async () => {
    await using silent = await Receiver.start({ status: 200, afterMs: 2000 });
    const late = post(callOf(silent.url), { allowPrivate: true, timeoutSeconds: 0.2 });
    await expect(late).rejects.toThrow(new NoAnswer('It did not answer within 0.2 s'));
    for (const host of ['127.0.0.1', 'localhost'])
      await expect(post(callOf(`http://${host}:1/`), { allowPrivate: true })).rejects.toThrow(
        new NoAnswer('Nobody listens there (ECONNREFUSED)'),
      );
    const nameless = post(callOf('http://no-such-host.invalid/'), { allowPrivate: true });
    await expect(nameless).rejects.toThrow(NoAnswer);
  });

  it('of somebody who breaks off says so', async () => {
    const server = createServer((socket) => void socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const broken = post(callOf(`http://127.0.0.1:${port}/`), { allowPrivate: true });
    await expect(broken).rejects.toThrow(new NoAnswer('The connection broke off (ECONNRESET)'));
    server.close();
  });
});

describe('an address that is not public is not called', () => {
  const refused = async (url: string, way: Partial<Parameters<typeof post>[1]> = {}) => {
    const error = await post(callOf(url), { allowPrivate: false, ...way }).then(
      () => null,
      (thrown: Error) => thrown,
    );
    expect(error).toBeInstanceOf(Refusal);
    expect(error?.message).toContain('MONTAGE_HOOKS_PRIVATE=allow');
    return error?.message;
  };

  it.each([
    (port: number) => `http://127.0.0.1:${port}/`,
    (port: number) => `http://localhost:${port}/`,
    (port: number) => `http://2130706433:${port}/`,
    (port: number) => `http://0x7f000001:${port}/`,
    (port: number) => `http://[::ffff:127.0.0.1]:${port}/`,
    (port: number) => `http://0:${port}/`,
  ])('however it is written (%#)', async (urlOf) => {
    await using receiver = await Receiver.start({ status: 200 });
    expect((await post(callOf(`http://127.0.0.1:${receiver.port}/`), { allowPrivate: true })).status).toBe(200);
    await refused(urlOf(receiver.port));
    expect(receiver.connections).toBe(1);
  });

  it.each([
    'http://[::1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:10.0.0.1]/',
    'https://10.1.2.3/',
  ])('nor %s', async (url) => void (await refused(url)));

  it.each([
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['::1'],
    ['fd00::1'],
    // Whoever answers with both has one tried after the other.
    ['93.184.215.14', '127.0.0.1'],
  ])('whatever name leads there: %s', async (...addresses) => {
    await using receiver = await Receiver.start({ status: 200 });
    const message = await refused(`http://rebound.example.com:${receiver.port}/`, {
      lookup: resolvingTo(...addresses),
    });
    expect(message).toContain(`rebound.example.com leads to ${addresses.at(-1)}, which is not a public address`);
    expect(receiver.connections).toBe(0);
  });

  it('nor by TLS', async () => {
    expect(await refused('https://rebound.example.com/', { lookup: resolvingTo('192.168.0.1') })).toContain(
      '192.168.0.1',
    );
  });

  it('and the name is looked up once, for the very connection', async () => {
    let asked = 0;
    const lookup = publicLookup((_host, _options, found) => {
      asked += 1;
      found(null, [{ address: '10.0.0.1', family: 4 }]);
    });
    await refused('http://twice.example.com/', { lookup });
    expect(asked).toBe(1);
  });
});
