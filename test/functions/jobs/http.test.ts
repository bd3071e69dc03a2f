import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Runtime, startRuntime } from '../../../knative/local/runtime.ts';
import { Client } from '../../../shared/api/client.ts';
import { readConfig } from '../../../shared/config.ts';
import type { JobStatus } from '../../../shared/status.ts';
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

interface Heard {
  id: string;
  event: string;
  data: JobStatus;
}

/** Listens to server-sent events until they end. */
async function* listen(path: string, lastId?: string): AsyncGenerator<Heard> {
  const answer = await fetch(`${runtime.url}${path}`, { headers: lastId ? { 'last-event-id': lastId } : {} });
  if (answer.status === 204) return;
  expect(answer.headers.get('content-type')).toMatch('text/event-stream');
  let text = '';
  for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2))) as Record<
        string,
        string
      >;
      if (fields.id) yield { id: fields.id, event: fields.event ?? '', data: JSON.parse(fields.data ?? 'null') };
    }
  }
}

describe('what a share link is asked for', () => {
  it('is kept by no cache and tells nobody where it was asked from, whatever is answered', async () => {
    for (const path of ['/v1/shares/never-was-one', '/v1/shares/never-was-one/montage.mp4']) {
      const { status, headers } = await fetch(`${runtime.url}${path}`);
      expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
    const made = await post('/v1/jobs/nothing/shares', null, null);
    expect([made.status, made.headers.get('cache-control')]).toEqual([404, 'no-store']);
  });
});

describe('a job that is watched', () => {
  const start = async (identity: string) => {
    const { id } = await new Client(runtime).createJob({ footageSet: 'holiday' }, identity);
    return { id, path: `/v1/jobs/${id}/events` };
  };

  it('tells of each change as it comes, and ends when there is no more to come', async () => {
    const { id, path } = await start('watched');
    const states: string[] = [];
    let last = '';
    for await (const { id: eventId, event, data } of listen(path)) {
      expect(event).toBe('job');
      if (states.push(data.state) === 1) await new Client(runtime).cancel(id);
      last = eventId;
    }
    expect(states).toEqual(['waiting', 'cancelled']);
    // Who has heard that comes back to nothing; who has not, to what they missed.
    expect(await Array.fromAsync(listen(path, last))).toEqual([]);
    expect((await Array.fromAsync(listen(path, 'of-before'))).map(({ data }) => data.state)).toEqual(['cancelled']);
  });

  it('goes on where the connection broke off, without telling again what was told', async () => {
    const { id, path } = await start('broken off');
    let heard: Heard | undefined;
    for await (heard of listen(path)) break;
    expect(heard?.data.state).toBe('waiting');
    const rest = Array.fromAsync(listen(path, heard?.id));
    await new Client(runtime).cancel(id);
    expect((await rest).map(({ data }) => data.state)).toEqual(['cancelled']);
  });

  it('says when it is deleted', async () => {
    const { id, path } = await start('deleted');
    const events: string[] = [];
    for await (const { event } of listen(path))
      if (events.push(event) === 1) await new Client(runtime).call('deleteJob', { parameters: { job: id } });
    expect(events.at(-1)).toBe('deleted');
    expect((await fetch(`${runtime.url}${path}`)).status).toBe(404);
  });
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

  it('takes a megabyte and no more, of JSON too', async () => {
    const asked = { footageSet: 'holiday', title: 'x'.repeat(100e6) };
    const refused = await post('/v1/jobs', 'application/json', JSON.stringify(asked));
    expect(await refused.json()).toMatchObject({ status: 413, detail: '/v1/jobs takes at most 1048576 bytes' });
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
