import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const FUNCTIONS = (await readdir(join(ROOT, 'functions'), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory() && entry.name !== 'cli')
  .map(({ name }) => name);

/** What the framework does with the package's front door, on loopback only. */
const SERVE = `
  await import('./functions/index.ts');
  const { getTestServer } = await import('@google-cloud/functions-framework/testing');
  const server = getTestServer(process.env.FUNCTION_TARGET).listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'montage-alone-'));
});
afterAll(() => rm(data, { recursive: true }));

async function serve(target: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SERVE], {
    cwd: ROOT,
    env: {
      ...process.env,
      FUNCTION_TARGET: target,
      MONTAGE_DATA: data,
      K_SINK: 'http://127.0.0.1:9/',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(child.stdout, 'data');
  return {
    url: `http://127.0.0.1:${String(port).trim()}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

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
    expect(FUNCTIONS.sort()).toEqual(
      [
        'analyze-footage',
        'analyze-music',
        'assemble',
        'dead-letter',
        'health',
        'ingest',
        'jobs',
        'plan',
        'reconcile',
        'render',
      ].sort(),
    );
  });

  it('health answers', async () => {
    await using health = await serve('health');
    expect(await (await fetch(`${health.url}/health`)).json()).toEqual({ status: 'healthy' });
  });

  it('jobs answers', async () => {
    await using jobs = await serve('jobs');
    expect(await (await fetch(`${jobs.url}/v1/jobs`)).json()).toEqual({ jobs: [] });
  });

  it('ingest lets nobody in without a token', async () => {
    await using ingest = await serve('ingest');
    const response = await fetch(ingest.url, { method: 'POST', body: '{}' });
    expect(response.status).toBeGreaterThanOrEqual(401);
  });

  const woken = FUNCTIONS.filter((name) => !['health', 'jobs', 'ingest'].includes(name));
  it.each(woken)('%s takes an event of a job that is gone, and does nothing', async (name) => {
    await using alone = await serve(name);
    const stage = ['dead-letter', 'reconcile'].includes(name) ? 'plan' : name;
    const item = { render: 'f'.repeat(64), assemble: 'montage', plan: 'timeline' }[stage] ?? 'e'.repeat(32);
    const key = `gone/r1/requests/${stage}/${item}.1.json`;
    const taken = await event(alone.url, 'ai.montage.x.requested', { bucket: 'jobs', key, etag: 'e', size: 1 });
    expect(taken.status).toBeLessThan(300);
    const nonsense = await event(alone.url, 'ai.montage.x.requested', { bucket: 'nowhere', key });
    expect(nonsense.status).toBe(500);
  });
});
