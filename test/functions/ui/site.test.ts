import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { site } from '../../../functions/ui/site.ts';
import { readConfig } from '../../../shared/config.ts';

let folder: string;
let server: Server;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-site-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Montage</title>');
  await writeFile(join(folder, 'share.html'), '<!doctype html><title>Shared</title>');
  await writeFile(join(folder, 'assets', 'main-Ab12.js'), 'start();');
  await writeFile(join(folder, 'assets', 'main-Ab12.js.br'), brotliCompressSync('start();'));
  server = createServer(
    site(
      readConfig({
        MONTAGE_STORE: 'http://minio:9000',
        MONTAGE_STORE_PUBLIC_URL: 'https://store.lan',
        MONTAGE_STORE_ACCESS_KEY: 'key',
        MONTAGE_STORE_SECRET_KEY: 'secret',
      }),
      folder,
    ),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the site', () => {
  it.each(['/', '/jobs/holiday-0123456789', '/jobs/holiday-0123456789?at=12'])(
    'answers %s with the page',
    async (path) => {
      const answer = await fetch(`${url}${path}`);
      expect(await answer.text()).toContain('<title>Montage</title>');
      // A new release is seen at once.
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      const again = await fetch(`${url}${path}`, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
      expect(again.status).toBe(304);
    },
  );

  it.each(['/share/ABC-def_123', '/share/ABC?at=12', '/share/a/b', '/share', '/share.html'])(
    'answers %s with the page of a shared montage, which no search finds and which says nowhere where it was',
    async (path) => {
      const answer = await fetch(`${url}${path}`);
      const { headers } = answer;
      expect([answer.status, await answer.text()]).toEqual([200, '<!doctype html><title>Shared</title>']);
      expect(headers.get('x-robots-tag')).toBe('noindex');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    },
  );

  it('lets its other pages be found, and takes none of a similar name for a shared montage', async () => {
    for (const path of ['/', '/shares', '/jobs/share']) {
      const answer = await fetch(`${url}${path}`);
      expect([path, answer.headers.get('x-robots-tag')]).toEqual([path, null]);
      expect(await answer.text()).toContain('<title>Montage</title>');
    }
  });

  it('has what is named by its content kept for good, and sent small', async () => {
    const answer = await fetch(`${url}/assets/main-Ab12.js`, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(answer.headers.get('content-type')).toMatch('javascript');
    expect(await answer.text()).toBe('start();');
  });

  it('says that a file of an older release is gone, instead of sending the page as a script', async () => {
    const answer = await fetch(`${url}/assets/main-Old1.js`);
    expect([answer.status, await answer.json()]).toMatchObject([404, { title: 'Not found' }]);
  });

  it('lets the page run its own script and speak to its server and the store only', async () => {
    const { headers } = await fetch(url);
    const policy = new Map(
      headers
        .get('content-security-policy')
        ?.split('; ')
        .map((directive) => directive.split(/ (.*)/, 2) as [string, string]),
    );
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('style-src')).toBe("'self'");
    expect(policy.get('connect-src')).toBe("'self' https://store.lan");
    expect(policy.get('media-src')).toBe("'self' blob: https://store.lan");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is only read, and holds nothing but what was built', async () => {
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
    for (const path of ['/../../package.json', '/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json'])
      expect(await (await fetch(`${url}${path}`)).text()).not.toContain('dependencies');
  });

  it('says what to do when it is not built', () => {
    expect(() => site(readConfig({}), join(folder, 'nowhere'))).toThrow('npm run build');
  });
});
