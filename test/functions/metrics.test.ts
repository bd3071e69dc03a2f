import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from '../../functions/ui/build.ts';
import { cacheKeys, jobRequestKey, revisionKeys } from '../../shared/keys.ts';
import { METRICS } from '../../shared/metrics/metrics.ts';
import { segmentHash } from '../../shared/segment-hash.ts';
import { FolderStore } from '../../storage/folder.ts';
import { makeCounter } from '../media/counter.ts';
import { EVERY_FUNCTION } from './every-function.ts';
import { exposed } from './exposed.ts';
import { pieceOf, specOf } from './render/spec.ts';
import { serve } from './served.ts';

const TOKEN = 'the-token-of-this-test';

let data: string;
let store: FolderStore;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'montage-metrics-'));
  store = new FolderStore(data);
  await store.prepare();
  await buildPage();
});
afterAll(() => rm(data, { recursive: true }));

const start = (target: string) =>
  serve(target, { MONTAGE_DATA: data, MONTAGE_INGEST_TOKEN: TOKEN, K_SINK: 'http://127.0.0.1:9/' });

const post = async (url: string, type: string, body: object, ageSeconds = 0) => {
  const headers = {
    'ce-specversion': '1.0',
    'ce-id': '1',
    'ce-source': '/buckets/jobs',
    'ce-type': type,
    'ce-time': new Date(Date.now() - ageSeconds * 1000).toISOString(),
    'content-type': 'application/json',
  };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
};
const PLAN = 'ai.montage.plan.requested';
const request = (key: string) => ({ bucket: 'jobs', key, etag: 'e', size: 1 });

describe('/metrics', () => {
  it.each(EVERY_FUNCTION)('of %s has every metric under its name, and that it was started once', async (name) => {
    await using served = await start(name);
    const { types, functions, samples } = await exposed(served.url);
    for (const { name: metric, buckets } of Object.values(METRICS))
      expect(types.get(metric)).toBe(buckets ? 'histogram' : 'counter');
    expect([...functions]).toEqual([name]);
    expect(samples.get('montage_cold_start_seconds_count')).toBe(1);
    expect(samples.get('montage_cold_start_seconds_sum')).toBeGreaterThan(0);
  });

  it('counts an event that was dealt with, and how long it waited and took', async () => {
    await using plan = await start('plan');
    const done = `montage_events_total{outcome="done",type="${PLAN}"}`;
    const gone = request('gone/r1/requests/plan/timeline.1.json');
    for (const times of [1, 2]) {
      expect(await post(plan.url, PLAN, gone, 90)).toBe(204);
      const { samples } = await exposed(plan.url);
      expect(samples.get(done)).toBe(times);
      expect(samples.get('montage_work_duration_seconds_count{outcome="done"}')).toBe(times);
      expect(samples.get('montage_event_age_seconds_count')).toBe(times);
      expect(samples.get('montage_event_age_seconds_sum')).toBeGreaterThanOrEqual(90 * times);
      expect(samples.get('montage_event_age_seconds_sum')).toBeLessThan(100 * times);
      expect([...samples.keys()].filter((sample) => sample.includes('failed'))).toEqual([]);
    }
  });

  it('counts an event that failed as such, and why, and makes no label of what a stranger sends', async () => {
    await using plan = await start('plan');
    await store.putOnce('jobs', jobRequestKey('broken'), '{}');
    const key = revisionKeys('broken', 1).request('plan', 'timeline', 1);
    await store.putOnce('jobs', key, 'no JSON');
    expect(await post(plan.url, PLAN, request(key))).toBe(500);
    expect(await post(plan.url, 'made.up', { bucket: 'nowhere' })).toBe(500);
    const { samples, text } = await exposed(plan.url);
    expect(samples.get(`montage_events_total{outcome="failed",type="${PLAN}"}`)).toBe(1);
    expect(samples.get('montage_events_total{outcome="failed",type="other"}')).toBe(1);
    expect(samples.get('montage_event_failures_total{reason="object"}')).toBe(1);
    expect(samples.get('montage_event_failures_total{reason="refused"}')).toBe(1);
    expect(samples.get('montage_work_duration_seconds_count{outcome="failed"}')).toBe(2);
    expect(text).not.toMatch(/made\.up|broken/);
  });

  it('of a function that is up ahead of its work says so', async () => {
    await using render = await start('render');
    expect(await post(render.url, PLAN, request('soon/r1/requests/plan/timeline.1.json'))).toBe(204);
    const { samples } = await exposed(render.url);
    expect(samples.get(`montage_events_total{outcome="ahead",type="${PLAN}"}`)).toBe(1);
    expect(samples.get('montage_event_age_seconds_count')).toBe(0);
  });

  it('says how much picture was encoded, how fast, and what that read and wrote', async () => {
    await mkdir(join(data, 'input/set'), { recursive: true });
    const made = await makeCounter(data, { name: 'made.mp4', frames: 24, frameRate: '24/1' });
    await copyFile(made, join(data, 'input/set/clip.mp4'));
    const clip = await store.stat('input', 'set/clip.mp4');
    const spec = specOf(pieceOf('set/clip.mp4', { etag: clip?.etag ?? '', frames: 12 }));
    const hash = segmentHash(spec);
    const key = revisionKeys('film', 1).request('render', hash, 1);
    await store.putOnce('jobs', jobRequestKey('film'), '{}');
    await store.putOnce('jobs', key, JSON.stringify(spec));
    await using render = await start('render');
    expect(await post(render.url, 'ai.montage.render.requested', request(key))).toBe(204);
    const { samples } = await exposed(render.url);
    expect(samples.get('montage_rendered_media_seconds_total')).toBe(0.5);
    expect(samples.get('montage_encode_speed_ratio_count')).toBe(1);
    expect(samples.get('montage_encode_speed_ratio_sum')).toBeGreaterThan(0);
    expect(samples.get('montage_media_run_duration_seconds_count{outcome="done",program="ffmpeg"}')).toBe(1);
    const segment = await store.stat('cache', cacheKeys.segment(hash));
    // The segment, and the lease under which it was made.
    expect(samples.get('montage_written_bytes_total{bucket="cache"}')).toBeGreaterThan(segment?.size ?? 0);
    expect(samples.get('montage_written_bytes_total{bucket="jobs"}')).toBe('{}'.length);
    expect(samples.get('montage_read_bytes_total{bucket="jobs"}')).toBe(JSON.stringify(spec).length);
  });

  it('counts how jobs end, and in which stage they fail, once each', async () => {
    await using reconcile = await start('reconcile');
    const failed = revisionKeys('film', 1).failed(1);
    await store.putOnce('jobs', failed, JSON.stringify({ stage: 'render', reason: 'The disk is full' }));
    expect(await post(reconcile.url, 'ai.montage.job.failed', request(failed))).toBe(204);
    const { samples } = await exposed(reconcile.url);
    expect(samples.get('montage_jobs_ended_total{stage="render",state="failed"}')).toBe(1);
  });

  it('counts requests by the template of their path, whatever is asked for', async () => {
    await using jobs = await start('jobs');
    await fetch(`${jobs.url}/v1/jobs/one-0123456789`);
    await fetch(`${jobs.url}/v1/jobs/two-0123456789`);
    await fetch(`${jobs.url}/wp-admin.php`);
    await fetch(`${jobs.url}/v1/jobs`, { method: 'DELETE' });
    const { samples, text } = await exposed(jobs.url);
    const count = (labels: string) => samples.get(`montage_http_request_duration_seconds_count{${labels}}`);
    expect(count('method="GET",route="/v1/jobs/{job}",status="404"')).toBe(2);
    expect(count('method="GET",route="nothing",status="404"')).toBe(1);
    expect(count('method="DELETE",route="another method",status="405"')).toBe(1);
    expect(text).not.toMatch(/0123456789|wp-admin/);
  });

  it('counts what ingest refused, and what the broker did not take', async () => {
    await using ingest = await start('ingest');
    await fetch(ingest.url, { method: 'POST' });
    const object = { key: 'set/a.mp4', size: 1, eTag: 'e' };
    const record = { eventName: 's3:ObjectCreated:Put', eventTime: '2026-07-01T12:00:00Z' };
    await fetch(ingest.url, {
      method: 'POST',
      headers: { authorization: TOKEN, 'content-type': 'application/json' },
      body: JSON.stringify({ Records: [{ ...record, s3: { bucket: { name: 'input' }, object } }] }),
    });
    const { samples } = await exposed(ingest.url);
    for (const status of [401, 503])
      expect(
        samples.get(`montage_http_request_duration_seconds_count{method="POST",route="/",status="${status}"}`),
      ).toBe(1);
  });
});

describe('whoever comes through a proxy, so from outside', () => {
  const forwarded = { 'x-forwarded-for': '203.0.113.7' };

  it('gets what the function has at that address', async () => {
    await using ui = await start('ui');
    const answer = await fetch(`${ui.url}/metrics`, { headers: forwarded });
    expect(await answer.text()).toMatch(/<title>Montage/);
    await using jobs = await start('jobs');
    expect((await fetch(`${jobs.url}/metrics`, { headers: forwarded })).status).toBe(404);
  });
});

describe('a process that nobody scrapes and nobody traces', () => {
  it('loads neither prom-client nor OpenTelemetry', async () => {
    const loaded = join(data, 'loaded.txt');
    await appendFile(loaded, '');
    const hook = `import { registerHooks } from 'node:module';
      import { appendFileSync } from 'node:fs';
      registerHooks({ resolve(specifier, context, next) {
        const found = next(specifier, context);
        appendFileSync(${JSON.stringify(loaded)}, found.url + '\\n');
        return found;
      } });`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(hook)}`;
    await using plan = await serve('plan', { MONTAGE_DATA: data, NODE_OPTIONS });
    expect(await post(plan.url, PLAN, request('gone/r1/requests/plan/timeline.1.json'))).toBe(204);
    const modules = await readFile(loaded, 'utf8');
    expect(modules).toContain('/shared/metrics/record.ts');
    expect(modules).not.toMatch(/node_modules\/(prom-client|@opentelemetry)/);
    await exposed(plan.url);
    expect(await readFile(loaded, 'utf8')).toContain('node_modules/prom-client');
  });
});
