import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { buildPage } from '../../functions/ui/build.ts';
import { jobRequestKey, previewKeys, revisionKeys } from '../../shared/keys.ts';
import { FolderStore } from '../../storage/folder.ts';
import { EVERY_FUNCTION } from './every-function.ts';
import { serve } from './served.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const WAKE_AHEAD = await readFile(join(ROOT, 'knative/wake-ahead/triggers.yaml'), 'utf8');
const EARLY = parseAllDocuments(WAKE_AHEAD).map((trigger) =>
  String(trigger.getIn(['spec', 'subscriber', 'ref', 'name'])),
);

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'montage-alone-'));
});
afterAll(() => rm(data, { recursive: true }));

const alone = (target: string) => serve(target, { MONTAGE_DATA: data, K_SINK: 'http://127.0.0.1:9/' });

/** An event of an object that nobody knows: every function must see by itself that there is nothing to do, or say why not. */
const event = (url: string, type: string, data: object) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/buckets/jobs',
      'ce-type': type,
      'content-type': 'application/json',
    },
    body: JSON.stringify(data),
  });

describe('every function runs alone', () => {
  it('and there are as many as the design has', () => {
    expect(EVERY_FUNCTION).toEqual(
      [
        'analyze-footage',
        'analyze-music',
        'assemble',
        'dead-letter',
        'health',
        'ingest',
        'jobs',
        'notify',
        'plan',
        'preview',
        'reconcile',
        'render',
        'ui',
        'upscale',
      ].sort(),
    );
  });

  it('health answers', async () => {
    await using health = await alone('health');
    expect(await (await fetch(`${health.url}/health`)).json()).toEqual({ status: 'healthy' });
  });

  it('jobs answers', async () => {
    await using jobs = await alone('jobs');
    expect(await (await fetch(`${jobs.url}/v1/jobs`)).json()).toEqual({ jobs: [], next: null });
  });

  it('ui answers, once the page is built', async () => {
    await buildPage();
    await using ui = await alone('ui');
    expect(await (await fetch(`${ui.url}/jobs/some`)).text()).toMatch(/<title>Montage/);
  });

  const woken = EVERY_FUNCTION.filter((name) => !['health', 'jobs', 'ingest', 'ui'].includes(name));
  it.each(woken)('%s takes an event of a job that is gone, and does nothing', async (name) => {
    await using served = await alone(name);
    const stage = ['dead-letter', 'notify', 'reconcile'].includes(name) ? 'plan' : name;
    const item =
      { render: 'f'.repeat(64), upscale: 'f'.repeat(64), assemble: 'montage', plan: 'timeline' }[stage] ??
      'e'.repeat(32);
    const key =
      name === 'preview' ? previewKeys(item.repeat(2)).request(1) : `gone/r1/requests/${stage}/${item}.1.json`;
    const taken = await event(served.url, 'ai.montage.x.requested', { bucket: 'jobs', key, etag: 'e', size: 1 });
    expect(taken.status).toBeLessThan(300);
    const nonsense = await event(served.url, 'ai.montage.x.requested', { bucket: 'nowhere', key });
    expect(nonsense.status).toBe(500);
  });

  it.each(EARLY)('%s is up when a plan is asked for, and does nothing yet', async (name) => {
    await using served = await alone(name);
    const key = revisionKeys('soon', 1).request('plan', 'timeline', 1);
    const store = new FolderStore(data);
    await store.prepare();
    await store.putOnce('jobs', jobRequestKey('soon'), '{}');
    // Whoever took it for work would fail at that.
    await store.putOnce('jobs', key, 'no JSON');
    const request = { bucket: 'jobs', key, etag: 'e', size: 1 };
    expect((await event(served.url, 'ai.montage.plan.requested', request)).status).toBe(204);
  });
});
