import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Runtime, startRuntime } from '../../../knative/local/runtime.ts';
import { readConfig } from '../../../shared/config.ts';
import { openStore } from '../../../storage/open-store.ts';

let folder: string;
let runtime: Runtime;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-proxy-'));
  const config = readConfig({ MONTAGE_DATA: folder });
  const store = openStore(config);
  await store.prepare();
  runtime = await startRuntime({ store, config, port: 0, works: false, onLog: () => {} });
});
afterAll(async () => {
  await runtime?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a body that is too large', () => {
  it('is refused in a sentence every time, though most of it is still on its way then', async () => {
    for (let i = 0; i < 24; i += 1) {
      const body = JSON.stringify({ footageSet: 'x', title: 'a'.repeat((2 + (i % 7)) * 1_000_000) });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${runtime.url}/v1/jobs`, { method: 'POST', headers, body });
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ detail: '/v1/jobs takes at most 1048576 bytes' });
    }
  });
});
