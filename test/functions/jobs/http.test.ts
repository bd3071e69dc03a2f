import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Runtime, startRuntime } from '../../../knative/local/runtime.ts';
import { readConfig } from '../../../shared/config.ts';
import { FolderStore } from '../../../storage/folder.ts';

let folder: string;
let runtime: Runtime;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-jobs-http-'));
  const store = new FolderStore(folder);
  await store.prepare();
  const config = readConfig({ MONTAGE_DATA: folder });
  runtime = await startRuntime({ store, config, port: 0, works: false, onLog: () => {} });
});
afterAll(async () => {
  await runtime?.stop();
  await rm(folder, { recursive: true, force: true });
});

const post = (path: string, contentType: string | null, body: string | null) =>
  fetch(`${runtime.url}${path}`, {
    method: 'POST',
    headers: contentType ? { 'content-type': contentType } : {},
    body,
  });

describe('the API over HTTP', () => {
  it('takes JSON and no form or plain text, which any page can send', async () => {
    const body = JSON.stringify({ bucket: 'input', key: 'holiday/clip.mp4' });
    expect((await post('/v1/uploads', 'application/json; charset=utf-8', body)).status).toBe(200);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const refused = await post('/v1/uploads', type, body);
      expect(refused.status, type).toBe(415);
      expect(await refused.json()).toMatchObject({ title: 'Unsupported media type', status: 415 });
    }
  });

  it('asks for no type where there is no body', async () => {
    const answer = await post('/v1/jobs/nobody/cancel', null, null);
    expect([answer.status, await answer.json()]).toMatchObject([404, { detail: 'There is no job nobody' }]);
  });

  it('shows no path and no stack to who sends JSON that is none', async () => {
    const answer = await post('/v1/jobs', 'application/json', '{"footageSet": ');
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toMatch(/node_modules|SyntaxError|\.js:\d+/);
  });
});
