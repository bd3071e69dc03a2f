import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventPoint } from '../../shared/traces/derived.ts';
import { receiveSpans } from '../shared/traces/receiver.ts';
import { serve } from './served.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const OBJECT = { bucket: 'jobs' as const, key: 'gone/r1/requests/plan/timeline.1.json', etag: 'e', size: 1 };

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'montage-traced-'));
});
afterAll(() => rm(data, { recursive: true }));

const post = async (url: string, more: Record<string, string> = {}, object: object = OBJECT) => {
  const headers = {
    'ce-specversion': '1.0',
    'ce-id': '1',
    'ce-source': '/buckets/jobs',
    'ce-type': 'ai.montage.plan.requested',
    'content-type': 'application/json',
    ...more,
  };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(object) })).status;
};

describe('an event', () => {
  it('is dealt with under the span that its traceparent names, or the one its object has by name where that is malformed', async () => {
    await using receiver = await receiveSpans();
    await using plan = await serve('plan', { MONTAGE_DATA: data, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
    const derived = eventPoint(OBJECT);
    for (const [carried, parent] of [
      [{ 'ce-traceparent': `00-${TRACE}-${SPAN}-01` }, { traceId: TRACE, parentSpanId: SPAN }],
      [{ 'ce-traceparent': `00-${TRACE}-nonsense` }, { traceId: derived.traceId, parentSpanId: derived.spanId }],
      [{}, { traceId: derived.traceId, parentSpanId: derived.spanId }],
    ] as const) {
      receiver.spans.length = 0;
      expect(await post(plan.url, carried)).toBe(204);
      // Sent before the answer, since the process may be gone after it.
      const span = receiver.spans.find(({ name }) => name === 'plan ai.montage.plan.requested');
      expect(span).toMatchObject({ ...parent, service: 'plan' });
      expect(receiver.spans.every(({ traceId }) => traceId === parent.traceId)).toBe(true);
    }
  });

  it('that fails has a span that says why', async () => {
    await using receiver = await receiveSpans();
    await using plan = await serve('plan', { MONTAGE_DATA: data, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
    expect(await post(plan.url, {}, { bucket: 'nowhere' })).toBe(500);
    expect(receiver.spans).toMatchObject([
      { status: { code: 2, message: expect.stringContaining('names no object') } },
    ]);
  });
});

describe('a receiver of spans', () => {
  it('that is down or mute is waited for once', async () => {
    const mute = createServer(() => {});
    await once(mute.listen(0, '127.0.0.1'), 'listening');
    try {
      for (const port of [9, (mute.address() as AddressInfo).port]) {
        await using plan = await serve('plan', {
          MONTAGE_DATA: data,
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        });
        expect(await post(plan.url)).toBe(204);
        const begun = performance.now();
        for (let times = 1; times <= 5; times += 1) expect(await post(plan.url)).toBe(204);
        expect(performance.now() - begun).toBeLessThan(2000);
      }
    } finally {
      mute.close();
      mute.closeAllConnections();
    }
  });
});
