import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from './served.ts';

const TOKEN = 'the-token-of-this-test';
const MEBIBYTE = 1 << 20;
const taken: unknown[] = [];
const broker = createServer(async (event, answer) => {
  taken.push(await json(event));
  answer.writeHead(202).end();
});
let data: string;
let ingest: Awaited<ReturnType<typeof serve>>;
let jobs: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'montage-called-'));
  await once(broker.listen(0, '127.0.0.1'), 'listening');
  const K_SINK = `http://127.0.0.1:${(broker.address() as AddressInfo).port}`;
  ingest = await serve('ingest', { MONTAGE_DATA: data, MONTAGE_INGEST_TOKEN: TOKEN, K_SINK });
  jobs = await serve('jobs', { MONTAGE_DATA: data });
});
afterAll(async () => {
  await ingest?.[Symbol.asyncDispose]();
  await jobs?.[Symbol.asyncDispose]();
  broker.close();
  await rm(data, { recursive: true, force: true });
});

/** Sends the headers and the parts of a body that never ends, and gives the answer to them. */
async function begin(url: string, headers: Record<string, string>, parts: readonly Buffer[] = []) {
  const sent = request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } });
  // The answer may come while parts are still on their way.
  sent.on('error', () => {});
  sent.flushHeaders();
  for (const part of parts) sent.write(part);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const problem = await json(answer);
  sent.destroy();
  return { status: answer.statusCode, problem };
}

const notify = (body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(ingest.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    body,
  });
const record = (key: string) => ({
  eventName: 's3:ObjectCreated:Put',
  eventTime: '2026-07-01T12:00:00.123Z',
  s3: { bucket: { name: 'input' }, object: { key, size: 12, eTag: '0123456789abcdef0123456789abcdef' } },
});

describe('a body is read by the function alone', () => {
  it('and nothing of it before its sender has shown a token', async () => {
    const promised = { 'content-length': String(1000 * MEBIBYTE) };
    expect(await begin(ingest.url, promised)).toMatchObject({
      status: 401,
      problem: { detail: 'The token is missing or wrong' },
    });
  });

  it.each(['ingest', 'jobs'])('and by %s no further than its limit, however it is sent', async (name) => {
    const url = name === 'ingest' ? ingest.url : `${jobs.url}/v1/jobs`;
    const authorization = `Bearer ${TOKEN}`;
    const parts = Array.from({ length: 17 }, () => Buffer.alloc(MEBIBYTE / 16, ' '));
    for (const how of [{ 'content-length': String(1000 * MEBIBYTE) }, { 'transfer-encoding': 'chunked' }]) {
      expect(await begin(url, { authorization, ...how }, parts)).toMatchObject({
        status: 413,
        problem: { title: 'Too large', detail: expect.stringMatching(/takes at most 1048576 bytes$/) },
      });
    }
  });

  it('whose next sender is heard all the same', async () => {
    expect((await notify(Buffer.alloc(4 * MEBIBYTE, ' '))).status).toBe(413);
    const answer = await notify(JSON.stringify({ Records: [record('holiday/a.mp4'), record('holiday/b.mp4')] }));
    expect([answer.status, await answer.json()]).toEqual([200, { taken: 2 }]);
    expect(taken).toMatchObject([{ key: 'holiday/a.mp4' }, { key: 'holiday/b.mp4' }]);
  });

  it.each(['ingest', 'jobs'])('and %s says in one sentence what is wrong with it', async (name) => {
    const url = name === 'ingest' ? ingest.url : `${jobs.url}/v1/jobs`;
    const answer = async (body: string, type: string) => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type };
      const response = await fetch(url, { method: 'POST', headers, body });
      expect(response.headers.get('content-type')).toMatch('application/problem+json');
      const { status, detail } = (await response.json()) as { status: number; detail: string };
      return { status, detail };
    };
    expect(await answer('{"Records": ', 'application/json')).toEqual({
      status: 400,
      detail: 'The body is no JSON: Unexpected end of JSON input',
    });
    expect(await answer('{}', 'text/plain')).toMatchObject({ status: 415 });
    expect(await answer('[]', 'application/json; charset=utf-8')).toMatchObject({ status: 400 });
  });

  it('and an unknown bucket is refused by its name', async () => {
    const elsewhere = { ...record('a.mp4'), s3: { ...record('a.mp4').s3, bucket: { name: 'secrets' } } };
    const answer = await notify(JSON.stringify({ Records: [elsewhere] }));
    expect(await answer.json()).toMatchObject({ status: 400, detail: 'There is no bucket secrets here' });
  });
});

describe('a page of another site', () => {
  it('changes nothing through the browser of somebody who may, with or without a body', async () => {
    for (const path of ['/v1/jobs/nobody/cancel', '/v1/jobs/nobody/retry']) {
      const ask = (site: string) =>
        fetch(`${jobs.url}${path}`, { method: 'POST', headers: { 'sec-fetch-site': site } });
      expect((await ask('cross-site')).status, path).toBe(403);
      expect((await ask('same-origin')).status, path).toBe(404);
    }
  });
});
