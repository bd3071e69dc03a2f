import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../shared/config.ts';
import { Refusal } from '../../shared/refusal.ts';
import { FolderStore } from '../../storage/folder.ts';
import { MinioStore } from '../../storage/minio.ts';
import { setNotifications } from '../../storage/notifications.ts';
import { openStore } from '../../storage/open-store.ts';
import { notedQuotas } from '../../storage/quotas.ts';
import type { ObjectInfo } from '../../storage/store.ts';
import { freePort, type MinioServer, minioMissing, startMinio } from './minio-server.ts';

const run = promisify(execFile);
const md5 = (content: string | Uint8Array) => createHash('md5').update(content).digest('hex');

interface Told {
  authorization: string | undefined;
  bucket: string;
  key: string;
}

describe.skipIf(minioMissing)(`MinIO${minioMissing ? ` (skipped: ${minioMissing})` : ''}`, () => {
  const told: Told[] = [];
  let webhook: Server;
  let server: MinioServer;
  let store: MinioStore;
  let scratch = '';

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'montage-minio-test-'));
    webhook = createServer(async (request: IncomingMessage, response) => {
      if (request.method === 'POST') {
        const { Records } = (await json(request)) as {
          Records: { s3: { bucket: { name: string }; object: { key: string } } }[];
        };
        for (const { s3 } of Records)
          told.push({
            authorization: request.headers.authorization,
            bucket: s3.bucket.name,
            key: decodeURIComponent(s3.object.key),
          });
      }
      response.end();
    });
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
    server = await startMinio({
      MINIO_NOTIFY_WEBHOOK_ENABLE_MONTAGE: 'on',
      MINIO_NOTIFY_WEBHOOK_ENDPOINT_MONTAGE: `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`,
      MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_MONTAGE: 'a-token-of-the-test',
    });
    store = new MinioStore(server);
    await store.prepare();
  }, 900_000);
  afterAll(async () => {
    await server?.stop();
    webhook?.close();
    webhook?.closeAllConnections();
    await rm(scratch, { recursive: true, force: true });
  });

  const environment = ({ url, accessKey, secretKey } = server) => ({
    MONTAGE_STORE: url,
    MONTAGE_STORE_ACCESS_KEY: accessKey,
    MONTAGE_STORE_SECRET_KEY: secretKey,
  });

  it('keeps a file beyond 64 MiB in one piece, so that its ETag is that of its content and of the folder store', async () => {
    const path = join(scratch, 'big.mp4');
    await writeFile(path, randomBytes(70 * 1024 * 1024));
    const folder = new FolderStore(join(scratch, 'data'));
    await folder.prepare();
    const puts = await Promise.all([
      store.putFileOnce('input', 'set/big.mp4', path),
      store.putFileOnce('input', 'set/big.mp4', path),
    ]);
    const [here] = await Promise.all([folder.putFileOnce('input', 'set/big.mp4', path)]);
    expect(puts.filter((put) => put !== null)).toMatchObject([{ etag: here?.etag, size: 70 * 1024 * 1024 }]);
    expect(await store.stat('input', 'set/big.mp4')).toMatchObject({ etag: here?.etag });
  });

  it('signs URLs that do one thing with one key', async () => {
    const put = await store.signedUrl('input', 'a set/ü 1.mp4', { method: 'PUT', expiresSeconds: 60 });
    const get = await store.signedUrl('input', 'a set/ü 1.mp4', { method: 'GET', expiresSeconds: 60 });
    expect((await fetch(get)).status).toBe(404);
    expect((await fetch(put, { method: 'PUT', body: 'clip' })).status).toBe(200);
    expect(await (await fetch(get)).text()).toBe('clip');
    expect((await fetch(get, { method: 'PUT', body: 'x' })).status).toBe(403);
    expect((await fetch(get.replace('%201', '%202'))).status).toBe(403);
    expect(await store.stat('input', 'a set/ü 1.mp4')).toMatchObject({ etag: md5('clip') });
  });

  it('signs URLs for the address that people use, where it is another', async () => {
    const publicUrl = server.url.replace('127.0.0.1', 'localhost');
    const open = openStore(readConfig({ ...environment(), MONTAGE_STORE_PUBLIC_URL: publicUrl }));
    const put = await open.signedUrl('input', 'set/public.mp4', { method: 'PUT', expiresSeconds: 60 });
    expect(put.startsWith(`${publicUrl}/input/set/public.mp4?`)).toBe(true);
    expect((await fetch(put, { method: 'PUT', body: 'clip' })).status).toBe(200);
    expect((await fetch(put.replace('localhost', '127.0.0.1'), { method: 'PUT', body: 'x' })).status).toBe(403);
    expect(await store.stat('input', 'set/public.mp4')).toMatchObject({ etag: md5('clip') });
    // What we reach ourselves needn't be what people reach.
    const away = openStore(readConfig({ ...environment(), MONTAGE_STORE_PUBLIC_URL: 'http://store.example' }));
    const get = await away.signedUrl('input', 'set/public.mp4', { method: 'GET', expiresSeconds: 60 });
    expect(get.startsWith('http://store.example/input/set/public.mp4?')).toBe(true);
  });

  it('serves a montage as a video', async () => {
    await store.putOnce('output', 'job/r1/montage.mp4', 'film');
    const url = await store.signedUrl('output', 'job/r1/montage.mp4', { method: 'GET', expiresSeconds: 60 });
    expect((await fetch(url)).headers.get('content-type')).toBe('video/mp4');
  });

  it('sends each new object to the webhook, of the cache only analyses', async () => {
    expect(await setNotifications(store)).toBe(true);
    expect(await setNotifications(store)).toBe(true);
    await store.putOnce('cache', 'segments/a.mp4', 'x');
    await store.putOnce('cache', 'analysis/a.json', '{}');
    await store.putOnce('input', 'set/clip.mp4', 'x');
    await store.putOnce('jobs', 'job/request.json', '{}');
    while (told.length < 3) await sleep(20);
    await sleep(500);
    expect(told.map(({ bucket, key }) => `${bucket} ${key}`).sort()).toEqual([
      'cache analysis/a.json',
      'input set/clip.mp4',
      'jobs job/request.json',
    ]);
    expect(new Set(told.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer a-token-of-the-test']));
  });

  it('is made ready by one command, as often as one likes: buckets, quotas, expiry, notifications', async () => {
    const script = join(import.meta.dirname, '../../storage/prepare-minio.ts');
    const env = { ...process.env, ...environment(), MONTAGE_BUCKET_PREFIX: 'ready-' };
    for (let i = 0; i < 2; i += 1) await run(process.execPath, [script], { env });
    const quota = async (bucket: string) => {
      const query = `bucket=ready-${bucket}`;
      const where = { method: 'GET', bucketName: 'minio', objectName: 'admin/v3/get-bucket-quota', query };
      return (await json(await store.client.makeRequestAsync(where, '', [200], 'us-east-1'))) as { size?: number };
    };
    expect((await quota('input')).size).toBe(100 * 2 ** 30);
    expect((await quota('music')).size).toBe(50 * 2 ** 30);
    expect((await quota('jobs')).size ?? 0).toBe(0);
    const prepared = new MinioStore({ ...server, bucketPrefix: 'ready-' });
    expect(await notedQuotas(prepared)).toMatchObject({ input: 100 * 2 ** 30, music: 50 * 2 ** 30 });
    // The client gives one rule alone as no list.
    expect(await store.client.getBucketLifecycle('ready-cache')).toMatchObject({
      Rule: [
        { Status: 'Enabled', Filter: { Prefix: 'segments/' }, Expiration: { Days: 30 } },
        { Status: 'Enabled', Filter: { Prefix: 'leases/' }, Expiration: { Days: 1 } },
      ],
    });
    const before = told.length;
    await store.client.putObject('ready-music', 'song.mp3', 'x');
    while (told.length === before) await sleep(20);
    expect(told.at(-1)).toMatchObject({ bucket: 'ready-music', key: 'song.mp3' });
  });

  it('is made ready by that command for GPUs in a cloud too, where they have a user of their own', async () => {
    const script = join(import.meta.dirname, '../../storage/prepare-minio.ts');
    const secrets = { functions: crypto.randomUUID(), cloud: crypto.randomUUID() };
    const prepare = (cloud: string) => {
      const env = {
        ...process.env,
        ...environment(),
        MINIO_ROOT_USER: server.accessKey,
        MINIO_ROOT_PASSWORD: server.secretKey,
        MONTAGE_STORE_ACCESS_KEY: 'functions',
        MONTAGE_STORE_SECRET_KEY: secrets.functions,
        CLOUD_MONTAGE_STORE_ACCESS_KEY: cloud,
        CLOUD_MONTAGE_STORE_SECRET_KEY: secrets.cloud,
        MONTAGE_BUCKET_PREFIX: 'clouded-',
      };
      return run(process.execPath, [script], { env });
    };
    await prepare('cloud');
    const as = (accessKey: 'functions' | 'cloud') =>
      new MinioStore({ ...server, accessKey, secretKey: secrets[accessKey], bucketPrefix: 'clouded-' });
    await as('functions').putOnce('input', 'set/clip.mp4', 'x');
    await expect(as('cloud').stat('input', 'set/clip.mp4')).rejects.toThrow(/refuses access/);
    await as('cloud').putOnce('cache', 'segments/a.mp4', 'x');
    expect((await as('functions').read('cache', 'segments/a.mp4')).toString()).toBe('x');
    await expect(prepare('functions')).rejects.toThrow(/montage-store-cloud/);
  });

  it('tells at once of each new object where it has a webhook without a queue beside the one that keeps what is not taken', async () => {
    const endpoint = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`;
    const both = await startMinio({
      MINIO_NOTIFY_WEBHOOK_ENABLE_MONTAGE: 'on',
      MINIO_NOTIFY_WEBHOOK_ENDPOINT_MONTAGE: endpoint,
      MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_MONTAGE: 'kept',
      MINIO_NOTIFY_WEBHOOK_QUEUE_DIR_MONTAGE: join(scratch, 'queue'),
      MINIO_NOTIFY_WEBHOOK_ENABLE_MONTAGENOW: 'on',
      MINIO_NOTIFY_WEBHOOK_ENDPOINT_MONTAGENOW: endpoint,
      MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_MONTAGENOW: 'at once',
    });
    try {
      const other = new MinioStore(both);
      await other.prepare();
      expect(await setNotifications(other)).toBe(true);
      await other.putOnce('jobs', 'both/request.json', '{}');
      const tokens = () => told.filter(({ key }) => key === 'both/request.json').map((each) => each.authorization);
      while (tokens().length < 2) await sleep(20);
      expect(tokens().sort()).toEqual(['Bearer kept', 'at once']);
    } finally {
      await both.stop();
    }
  });

  it('says so when it was started without the webhook', async () => {
    const plain = await startMinio();
    try {
      const other = new MinioStore(plain);
      await other.prepare();
      expect(await setNotifications(other)).toBe(false);
      const script = join(import.meta.dirname, '../../storage/prepare-minio.ts');
      const failed = run(process.execPath, [script], { env: { ...process.env, ...environment(plain) } });
      await expect(failed).rejects.toThrow(/MINIO_NOTIFY_WEBHOOK_ENABLE_MONTAGE/);
    } finally {
      await plain.stop();
    }
  });

  it('refuses wrong keys with what to do, and is tried again when nobody answers', async () => {
    const wrong = new MinioStore({ ...server, secretKey: 'not the secret' }).prepare();
    await expect(wrong).rejects.toThrow(Refusal);
    await expect(wrong).rejects.toThrow(/MONTAGE_STORE_SECRET_KEY/);
    const nobody = new MinioStore({ ...server, url: `http://127.0.0.1:${await freePort()}` }).prepare();
    await expect(nobody).rejects.toThrow(/can't be reached/);
    await expect(nobody).rejects.not.toThrow(Refusal);
  });

  it('is no store when it ignores conditions: it would overwrite', async () => {
    const careless = createServer((request, response) => {
      request.resume();
      response.setHeader('etag', `"${'0'.repeat(32)}"`);
      response.end(request.url?.includes('location') ? '<LocationConstraint></LocationConstraint>' : '');
    });
    await new Promise<void>((resolve) => careless.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(careless.address() as AddressInfo).port}`;
    try {
      const refused = new MinioStore({ ...server, url }).prepare();
      await expect(refused).rejects.toThrow(Refusal);
      await expect(refused).rejects.toThrow(/If-None-Match/);
    } finally {
      careless.close();
      careless.closeAllConnections();
    }
  });

  it('is the store when the environment names it, and the folder otherwise', async () => {
    const named = openStore(readConfig({ ...environment(), MONTAGE_BUCKET_PREFIX: 'other-' }));
    await named.prepare();
    await named.putOnce('jobs', 'here', 'x');
    expect(await store.stat('jobs', 'here')).toBeNull();
    expect(await store.client.bucketExists('other-jobs')).toBe(true);
    const folder = openStore(readConfig({ MONTAGE_DATA: join(scratch, 'named') }));
    await folder.prepare();
    await folder.putOnce('jobs', 'here', 'x');
    expect(await folder.localPath('jobs', 'here')).toBe(join(scratch, 'named/jobs/here'));
  });

  // Last: it kills the server.
  it('goes on being watched when the server was away, and tells what was made just after it came back', async () => {
    const seen: ObjectInfo[] = [];
    const stop = new AbortController();
    await store.watch(['jobs'], (arrival) => seen.push(arrival), stop.signal);
    await store.putOnce('jobs', 'watched/before', 'x');
    while (seen.length < 1) await sleep(20);
    await server.restart(500);
    await store.putOnce('jobs', 'watched/after', 'x');
    while (seen.length < 2) await sleep(20);
    await sleep(1500);
    expect(seen.map(({ key }) => key)).toEqual(['watched/before', 'watched/after']);
    stop.abort();
  });
});
