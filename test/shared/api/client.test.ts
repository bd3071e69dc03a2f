import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { Client } from '../../../shared/api/client.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const answer =
  (body: string): RequestListener =>
  (_incoming, outgoing) =>
    outgoing.end(body);
const gone = 'http://127.0.0.1:1';

describe('a server that goes away', () => {
  it('is replaced by the next one, and asked again there from then on', async () => {
    const next = await listen(answer('{"jobs": [], "next": null}'));
    let asked = 0;
    const client = new Client({ url: gone }, async () => {
      asked += 1;
      return { url: next };
    });
    expect(await client.jobs()).toEqual([]);
    expect(await client.jobs()).toEqual([]);
    expect(asked).toBe(1);
    expect(client.server).toBe(next);
  });

  it('is replaced too when its functions have gone before it', async () => {
    const ending = await listen((_incoming, outgoing) => outgoing.writeHead(503).end('{"detail": "It is ending"}'));
    const next = await listen(answer('{"jobs": [], "next": null}'));
    expect(await new Client({ url: ending }, async () => ({ url: next })).jobs()).toEqual([]);
    await expect(new Client({ url: ending }, async () => ({ url: ending })).jobs()).rejects.toThrow('It is ending');
  });

  it('in the middle of a file has the file sent from its beginning', async () => {
    const breaking = await listen((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-length': 10 });
      outgoing.write('first', () => outgoing.destroy());
    });
    const next = await listen(answer('first half'));
    expect(await new Client({ url: breaking }, async () => ({ url: next })).output('job', 'montage.mp4', text)).toBe(
      'first half',
    );
  });

  it('is said to be away where a person named it', async () => {
    await expect(new Client({ url: gone }).jobs()).rejects.toThrow(`The server ${gone} does not answer`);
  });

  it('is not replaced for what it refuses', async () => {
    const refusing = await listen((_incoming, outgoing) =>
      outgoing.writeHead(404).end('{"detail": "There is no job x"}'),
    );
    const client = new Client({ url: refusing }, async () => {
      throw new Error('Nobody asks for another');
    });
    await expect(client.job('x')).rejects.toThrow('There is no job x');
  });
});
