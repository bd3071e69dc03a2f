import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../shared/api/client.ts';
import { montagePoint } from '../../shared/traces/derived.ts';
import { formatTraceparent } from '../../shared/traces/traceparent.ts';
import { type ReceivedSpan, receiveSpans } from '../shared/traces/receiver.ts';
import { montage, type Started, start } from './command.ts';
import { makeHoliday, makeTune } from './material.ts';

const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true };

let folder: string;
let receiver: Awaited<ReturnType<typeof receiveSpans>>;
let job: string;
let holiday: string;
let tune: string;
let served: Started;
let root: ReceivedSpan;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-traces-'));
  receiver = await receiveSpans();
  const data = join(folder, 'data');
  holiday = await makeHoliday(folder);
  ({ path: tune } = await makeTune(folder));
  await mkdir(join(data, 'input/holiday'), { recursive: true });
  await mkdir(join(data, 'music'), { recursive: true });
  const env = { MONTAGE_SETTLE_SECONDS: '1', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
  served = start(['serve', '--port', '0', '--data', data], { cwd: folder, env });
  const url = (await served.until(/running at (http:\S+)/))[1] ?? '';
  for (const name of await readdir(holiday)) await copyFile(join(holiday, name), join(data, 'input/holiday', name));
  await copyFile(tune, join(data, 'music/tune.wav'));
  const answer = await fetch(`${url}/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: formatTraceparent(caller) },
    body: JSON.stringify({ footageSet: 'holiday', style: 'dynamic', quality: 'preview', music: 'tune.wav' }),
  });
  job = ((await answer.json()) as { id: string }).id;
  const client = new Client({ url });
  for (;;) {
    const status = await client.job(job);
    if (status.state === 'failed') throw new Error(status.failure?.reason);
    const whole = receiver.spans.find(({ name }) => name === 'montage');
    if (whole) {
      root = whole;
      return;
    }
    await sleep(200);
  }
});
afterAll(async () => {
  served.child.kill('SIGTERM');
  await served.ended;
  await receiver[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const inTrace = (traceId: string) => receiver.spans.filter((span) => span.traceId === traceId);
/** Names of the spans of a trace whose parent nobody has sent. */
function orphans(traceId: string): string[] {
  const spans = inTrace(traceId);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId)).map(({ name }) => name);
}
const seconds = ({ startTimeUnixNano, endTimeUnixNano }: ReceivedSpan) =>
  Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e9;

describe('a montage', () => {
  it('is one trace in which every function that worked on it has its part', async () => {
    // Each function sends its spans by itself: the last one's may come after the root's.
    const services = () => [...new Set(inTrace(root.traceId).map(({ service }) => service))];
    const worked = ['jobs', 'ingest', 'reconcile', 'plan', 'render', 'assemble'];
    await expect.poll(services, { timeout: 20_000 }).toEqual(expect.arrayContaining(worked));
    const names = new Set(inTrace(root.traceId).map(({ name }) => name));
    for (const name of ['publish ai.montage.plan.requested', 'render ai.montage.render.requested', 'ffmpeg'])
      expect(names).toContain(name);
    expect(names).toContain('store putFileOnce');
  });

  it('has no span whose parent is missing', async () => {
    // A span that is sent while the one above it isn't over yet has its parent later.
    await expect.poll(() => orphans(root.traceId), { timeout: 20_000 }).toEqual([]);
    expect(inTrace(root.traceId).filter(({ parentSpanId }) => !parentSpanId)).toEqual([root]);
  });

  it('is as long as all that was done for it', () => {
    expect(root).toMatchObject({ service: 'reconcile', spanId: montagePoint(job, 1).spanId });
    const begins = inTrace(root.traceId).map(({ startTimeUnixNano }) => BigInt(startTimeUnixNano));
    // A file's time has milliseconds, and the span that asked for it ends when it is written.
    for (const begin of begins) expect(begin).toBeGreaterThanOrEqual(BigInt(root.startTimeUnixNano) - 50_000_000n);
    expect(seconds(root)).toBeGreaterThan(1);
  });

  it('leads to the uploads of its clips and its song, and what was found in them', () => {
    const uploads = root.links.map(({ traceId }) => inTrace(traceId));
    expect(uploads).toHaveLength(4);
    const found = uploads.map((spans) => new Set(spans.map(({ service }) => service)));
    expect(found.filter((services) => services.has('analyze-footage'))).toHaveLength(3);
    expect(found.filter((services) => services.has('analyze-music'))).toHaveLength(1);
  });

  it('and the request for it, in the trace of whoever made it, lead to each other', () => {
    const [request] = inTrace(caller.traceId).filter(({ parentSpanId }) => parentSpanId === caller.spanId);
    expect(request).toMatchObject({ name: 'POST /v1/jobs', service: 'jobs' });
    expect(request?.links).toMatchObject([{ traceId: root.traceId, spanId: root.spanId }]);
    const asked = inTrace(root.traceId).find(({ name }) => name === 'asked for');
    expect(asked?.links).toMatchObject([{ traceId: caller.traceId, spanId: request?.spanId }]);
  });
});

describe('`montage run`', () => {
  it('ends when its trace is whole', async () => {
    const known = receiver.spans.length;
    const files = ['--footage', holiday, '--music', tune, '-o', join(folder, 'out.mp4')];
    const options = ['--quality', 'preview', '--data', join(folder, 'of its own')];
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
    expect(await montage(['run', 'dynamic', ...files, ...options], { cwd: folder, env })).toMatchObject({ code: 0 });
    const [whole] = receiver.spans.slice(known).filter(({ name }) => name === 'montage');
    expect(whole).toBeDefined();
    expect(orphans(whole?.traceId ?? '')).toEqual([]);
  });
});
