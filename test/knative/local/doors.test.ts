import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRuntime } from '../../../knative/local/lock.ts';
import type { Runtime } from '../../../knative/local/runtime.ts';
import { readConfig } from '../../../shared/config.ts';
import { INGEST_TOKEN, publish, Stand } from './stand.ts';

const web = { target: 'web', concurrency: 80 } as const;
const stand = () =>
  new Stand([
    { name: 'jobs', ...web },
    { name: 'health', ...web },
    { name: 'ui', ...web },
    { name: 'ingest', target: 'ingest', concurrency: 80 },
    { name: 'worker', target: 'worker', types: ['a'] },
  ]);
const TOKEN = 't'.repeat(32);
/** An address that is not the usual one of this machine, and yet leads nowhere else. */
const host = '127.0.0.2';

interface Asked {
  method?: string;
  path?: string;
  headers: Record<string, string>;
}
/** Asks under any Host header, which fetch() lets nobody set. */
function statusOf(address: string, { method = 'GET', path = '/v1/jobs', headers }: Asked): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(new URL(path, address), { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

const named = process.platform === 'linux' ? '' : ' (only Linux has 127.0.0.2)';
describe.skipIf(named)(`a runtime that listens for other machines${named}`, () => {
  const at = stand();
  let runtime: Runtime;
  beforeAll(async () => {
    const config = readConfig({
      MONTAGE_DATA: at.data,
      MONTAGE_PUBLIC_URL: 'https://montage.lan',
      MONTAGE_ACCESS_TOKEN: TOKEN,
      MONTAGE_INGEST_TOKEN: INGEST_TOKEN,
    });
    runtime = await at.start({ host, config });
  });
  afterAll(() => at[Symbol.asyncDispose]());

  it('is not begun where nobody would have to sign in', async () => {
    await using open = stand();
    await expect(open.start({ host })).rejects.toThrow(
      `Everyone who can reach ${host} could see and delete everything`,
    );
  });

  it('says where others reach it, and has another address for its own functions', () => {
    expect(new URL(runtime.address).hostname).toBe(host);
    expect(new URL(runtime.url).hostname).toBe('127.0.0.1');
  });

  it.each([
    'localhost',
    'localhost:9000',
    '127.0.0.1:80',
    '192.168.1.5:8080',
    '[::1]:8080',
    '[fd00::5]',
    'Montage.lan',
  ])('answers under %s, which no web page elsewhere can make point here', async (name) => {
    expect(await statusOf(runtime.address, { headers: { host: name } })).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:8080',
    '192.168.1.5.evil.example',
    '0x7f.1',
    'localhost.evil.example',
    '[evil]',
  ])('does not answer under %s, which could be anybody’s name', async (name) => {
    expect(await statusOf(runtime.address, { headers: { host: name } })).toBe(421);
  });

  it('changes nothing for a page of another address', async () => {
    const post = (origin: string) =>
      statusOf(runtime.address, { method: 'POST', headers: { host: '192.168.1.5:8080', origin } });
    expect(await post('http://192.168.1.6:8080')).toBe(403);
    expect(await post('http://192.168.1.5')).toBe(403);
    expect(await post('http://192.168.1.5:8080')).toBe(200);
    expect(await post('https://montage.lan')).toBe(200);
  });

  it('takes events from its own functions only', async () => {
    expect(await publish(runtime.address, 'a', 'foreign')).toBe(403);
    // As a proxy on this machine passes it on, for whoever asks by the public name.
    const proxied = { method: 'POST', path: '/broker', headers: { host: 'montage.lan' } };
    expect(await statusOf(runtime.url, proxied)).toBe(403);
    expect(await publish(runtime.url, 'a', 'own')).toBe(202);
    await expect.poll(() => at.journal().map(({ id }) => id)).toContain('own');
    expect(at.journal().map(({ id }) => id)).not.toContain('foreign');
  });

  it('takes webhooks with the token only', async () => {
    const answer = await fetch(`${runtime.address}/events`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
  });

  it('is found by commands on this machine at its own address', async () => {
    expect(await findRuntime(at.data)).toEqual({ url: runtime.url, token: TOKEN });
  });

  it('can be reached nowhere once it is stopped', async () => {
    await using other = stand();
    const stopped = await other.start({
      host,
      config: readConfig({ MONTAGE_DATA: other.data, MONTAGE_ACCESS_TOKEN: TOKEN }),
    });
    expect((await fetch(stopped.address)).status).toBe(200);
    await stopped.stop();
    for (const address of [stopped.address, stopped.url]) await expect(fetch(address)).rejects.toThrow('fetch failed');
  });
});

describe('a runtime for this machine alone', () => {
  it('has one address, and answers under no other one', async () => {
    await using at = stand();
    const runtime = await at.start();
    expect(runtime.address).toBe(runtime.url);
    expect(await statusOf(runtime.url, { headers: { host: '192.168.1.5:8080' } })).toBe(421);
    expect(await statusOf(runtime.url, { headers: { host: 'localhost:1' } })).toBe(421);
  });

  it('is not kept from a data folder by a lock that names its own port, as a restarted container leaves it', async () => {
    await using at = stand();
    const port = await freePort();
    const left = { id: randomUUID(), url: `http://127.0.0.1:${port}`, startedAt: new Date(0).toISOString() };
    writeFileSync(join(at.data, '.runtime-1.json'), JSON.stringify(left));
    const runtime = await at.start({ port });
    expect(await findRuntime(at.data)).toEqual({ url: runtime.url });
  });

  it('says which port of which address is taken', async () => {
    await using at = stand();
    const { url } = await at.start();
    await using other = stand();
    const port = Number(new URL(url).port);
    await expect(other.start({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 can't be used`);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
