import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliver, headerSafe } from '../../../functions/ingest/deliver.ts';
import { eventOf } from '../../../shared/events.ts';

let broker: Server;
let sink: string;
let status: number;
const got: { headers: IncomingHttpHeaders; body: unknown }[] = [];
beforeEach(async () => {
  got.length = 0;
  status = 202;
  broker = createServer(async (request, response) => {
    got.push({ headers: request.headers, body: JSON.parse(await text(request)) });
    response.writeHead(status).end();
  });
  await once(broker.listen(0, '127.0.0.1'), 'listening');
  sink = `http://127.0.0.1:${(broker.address() as AddressInfo).port}/`;
});
afterEach(() => broker.close());

const eventFor = (key: string) => {
  const event = eventOf({ bucket: 'input', key, etag: 'e', size: 3 }, new Date('2026-07-01T12:00:00Z'));
  if (!event) throw new Error('a clip wakes somebody');
  return event;
};

describe('an event on its way to the broker', () => {
  it.each(['set/-dash "quoted" é\n.mp4', "set/it's 100% fine.mp4", 'set/夏休み\u202e.mp4'])(
    'keeps its key whatever is in it: %j',
    async (key) => {
      await deliver(eventFor(key), sink);
      expect(got).toMatchObject([
        {
          headers: { 'ce-specversion': '1.0', 'ce-type': 'ai.montage.footage.created', 'ce-source': '/buckets/input' },
          body: { key: key },
        },
      ]);
      expect(decodeURIComponent(String(got[0]?.headers['ce-subject']))).toBe(key);
      expect(headerSafe(key)).toMatch(/^[\x21-\x7e]+$/);
    },
  );

  it('carries its place in a trace, for functions and for a broker that traces', async () => {
    const event = eventFor('set/a.mp4');
    await deliver(event, sink);
    expect(got[0]?.headers).toMatchObject({ traceparent: event.traceparent, 'ce-traceparent': event.traceparent });
  });

  it('is not taken as taken when the broker says no', async () => {
    status = 503;
    await expect(deliver(eventFor('set/a.mp4'), sink)).rejects.toThrow('503');
  });
});
