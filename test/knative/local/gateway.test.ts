import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Runtime } from '../../../knative/local/runtime.ts';
import { FunctionsNowSchema } from '../../../shared/api/ops.ts';
import type { Bucket } from '../../../shared/keys.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { Stand } from './stand.ts';

const stand = new Stand(
  (['jobs', 'ingest', 'health', 'ui'] as const).map((name) => ({ name, target: 'web' as const, concurrency: 80 })),
);
let runtime: Runtime;
let signer: FolderStore;

beforeAll(async () => {
  process.env.MONTAGE_TEST_SECRET_OF_THE_USER = 'not for functions';
  runtime = await stand.start();
  signer = new FolderStore(stand.data, { publicUrl: runtime.url });
});
afterAll(() => stand[Symbol.asyncDispose]());

const signed = (method: 'GET' | 'PUT', bucket: Bucket, key: string) =>
  signer.signedUrl(bucket, key, { method, expiresSeconds: 60 });

describe('the gateway', () => {
  it('has the jobs function answer the API, with its own status', async () => {
    const answer = await fetch(`${runtime.url}/v1/teapot?a=1&b=%20`, {
      method: 'POST',
      headers: { range: 'bytes=5-9', 'content-type': 'application/octet-stream' },
      body: randomBytes(300_000),
    });
    expect(answer.status).toBe(418);
    expect(await answer.json()).toMatchObject({
      method: 'POST',
      url: '/v1/teapot?a=1&b=%20',
      range: 'bytes=5-9',
      bodyBytes: 300_000,
      forwardedHost: new URL(runtime.url).host,
    });
  });

  it('answers itself what the functions’ processes do, which nobody else knows', async () => {
    await fetch(`${runtime.url}/health`);
    const { functions } = FunctionsNowSchema.parse(await (await fetch(`${runtime.url}/v1/ops/functions`)).json());
    expect(functions.map(({ name }) => name).sort()).toEqual(['health', 'ingest', 'jobs', 'ui']);
    const health = functions.find(({ name }) => name === 'health');
    expect(health).toMatchObject({ replicas: 1, waiting: 0, oldestWaitingSeconds: null, coldStarts: 1 });
    expect(health?.lastColdStartSeconds).toBeGreaterThan(0);
    // Everything else below that address is the API's.
    const posted = await fetch(`${runtime.url}/v1/ops/functions`, { method: 'POST' });
    expect(await posted.json()).toMatchObject({ method: 'POST', url: '/v1/ops/functions' });
  });

  it('hands webhooks to ingest with their Authorization, health to health and every other address to the page, each in a process of its own', async () => {
    const ask = async (path: string) => {
      const answer = await fetch(`${runtime.url}${path}`, { headers: { authorization: 'Bearer x' } });
      return (await answer.json()) as { pid: number; url: string };
    };
    const paths = ['/events', '/health', '/health/ready', '/v1/jobs', '/', '/jobs/holiday', '/v1'];
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    for (const path of paths) answers.push(await ask(path));
    expect(answers[0]).toMatchObject({ url: '/events', authorization: 'Bearer x' });
    expect(answers[1]).toMatchObject({ url: '/health' });
    expect(answers[2]).toMatchObject({ url: '/health/ready' });
    const pids = answers.map(({ pid }) => pid);
    expect(new Set(pids).size).toBe(4);
    expect(new Set(pids.slice(4)).size).toBe(1);
  });

  it('passes on a stream piece by piece, as the function writes it', async () => {
    const answer = await fetch(`${runtime.url}/v1/stream`);
    const pieces: string[] = [];
    for await (const piece of answer.body ?? []) pieces.push(Buffer.from(piece).toString());
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(pieces).toEqual([0, 1, 2, 3].map((i) => `data: ${i}\n\n`));
  });

  it('frees the function when the client goes away in the middle of a stream', async () => {
    const away = new AbortController();
    const answer = await fetch(`${runtime.url}/v1/stream`, { signal: away.signal });
    await answer.body?.getReader().read();
    expect(runtime.stats().functions.jobs?.inFlight).toBe(1);
    away.abort();
    await expect.poll(() => runtime.stats().functions.jobs?.inFlight).toBe(0);
  });

  it('turns away requests under another host name, as a web page elsewhere could make them', async () => {
    const { port } = new URL(runtime.url);
    expect(await statusFor(port, 'evil.example')).toBe(421);
    expect(await statusFor(port, `evil.example:${port}`)).toBe(421);
    expect(await statusFor(port, `localhost:${port}`)).toBe(200);
  });

  it('changes nothing for the page of another site, whatever a browser lets that send', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${runtime.url}/v1/jobs`, { method: 'POST', headers, body: '{}' });
    const { port } = new URL(runtime.url);
    for (const origin of ['https://evil.example', 'null', `http://localhost:${Number(port) + 1}`]) {
      const refused = await post({ origin });
      expect([refused.status, refused.headers.get('content-type')], origin).toEqual([403, 'application/problem+json']);
    }
    expect(await statusOfCrossSite(port), 'no Origin, but Sec-Fetch-Site').toBe(403);
    for (const origin of [runtime.url, `http://localhost:${port}`]) expect((await post({ origin })).status).toBe(200);
    expect((await post({})).status).toBe(200);
    const read = await fetch(`${runtime.url}/v1/jobs`, { headers: { origin: 'https://evil.example' } });
    expect(read.status).toBe(200);
  });

  it("gives functions nothing of the person's environment that they have no use for", async () => {
    const answer = (await (await fetch(`${runtime.url}/v1/jobs`)).json()) as object;
    expect(answer).not.toHaveProperty('secretOfTheUser');
  });
});

describe('signed URLs', () => {
  it('give whole files and any range of them, with the type that their name says', async () => {
    const bytes = randomBytes(100_000);
    const info = await stand.store.putOnce('output', 'a job/r1/montage.mp4', bytes);
    const url = await signed('GET', 'output', 'a job/r1/montage.mp4');
    const whole = await fetch(url);
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    expect(whole.headers.get('etag')).toBe(`"${info?.etag}"`);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 1],
      ['bytes=500-1499', 500, 1500],
      ['bytes=99990-', 99_990, 100_000],
      ['bytes=-7', 99_993, 100_000],
      ['bytes=99000-200000', 99_000, 100_000],
    ] as const) {
      const part = await fetch(url, { headers: { range } });
      expect(part.status, range).toBe(206);
      expect(part.headers.get('content-range'), range).toBe(`bytes ${from}-${to - 1}/100000`);
      expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(from, to)), range).toBe(true);
    }
  });

  it('say what lies beyond the end, and what has not changed', async () => {
    const info = await stand.store.putOnce('output', 'small.json', '{}');
    const url = await signed('GET', 'output', 'small.json');
    const beyond = await fetch(url, { headers: { range: 'bytes=2-' } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */2']);
    const same = await fetch(url, { headers: { 'if-none-match': `"${info?.etag}"` } });
    expect(same.status).toBe(304);
    const changed = await fetch(url, { headers: { range: 'bytes=0-0', 'if-range': '"another"' } });
    expect([changed.status, await changed.text()]).toEqual([200, '{}']);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '2', '']);
  });

  it('give an empty file', async () => {
    await stand.store.putOnce('output', 'empty.json', '');
    const answer = await fetch(await signed('GET', 'output', 'empty.json'));
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('take an upload whole, once', async () => {
    const url = await signed('PUT', 'input', 'Été à Brest/clip 1+2.mp4');
    const bytes = randomBytes(3_000_000);
    expect((await fetch(url, { method: 'PUT', body: bytes })).status).toBe(200);
    expect((await stand.store.read('input', 'Été à Brest/clip 1+2.mp4')).equals(bytes)).toBe(true);
    const again = await fetch(url, { method: 'PUT', body: 'something else' });
    expect(again.status).toBe(412);
    expect(await again.json()).toMatchObject({ detail: expect.stringContaining('clip 1+2.mp4') });
    expect((await stand.store.read('input', 'Été à Brest/clip 1+2.mp4')).equals(bytes)).toBe(true);
  });

  it('leave nothing of an upload that was broken off', async () => {
    const url = new URL(await signed('PUT', 'input', 'set/broken.mp4'));
    await new Promise<void>((resolve) => {
      const sent = request(url, { method: 'PUT', headers: { 'content-length': 1000 } });
      sent.on('error', () => resolve());
      sent.write(randomBytes(500), () => setTimeout(() => sent.destroy(new Error('gone')), 100));
    });
    await expect.poll(() => stand.store.stat('input', 'set/broken.mp4')).toBeNull();
    const whole = await fetch(url, { method: 'PUT', body: 'whole' });
    expect(whole.status).toBe(200);
  });

  it('are refused when forged, for another method, or without a signature', async () => {
    await stand.store.putOnce('output', 'private.json', '{}');
    await stand.store.putOnce('output', 'public.json', '{}');
    const url = await signed('GET', 'output', 'public.json');
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.replace('public', 'private'))).status).toBe(403);
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
    expect((await fetch(`${runtime.url}/store/output/public.json`)).status).toBe(403);
  });

  it('say when there is no such file', async () => {
    expect((await fetch(await signed('GET', 'output', 'nowhere.mp4'))).status).toBe(404);
  });
});

const statusFor = (port: string, host: string) => statusOf(port, 'GET', { host });
/** fetch() lets nobody set this header. */
const statusOfCrossSite = (port: string) => statusOf(port, 'POST', { 'sec-fetch-site': 'cross-site' });

function statusOf(port: string, method: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path: '/v1/jobs', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
