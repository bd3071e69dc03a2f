import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRoute } from '../../../functions/jobs/routes.ts';
import { Problem } from '../../../functions/problem.ts';
import { API } from '../../../shared/api/operations.ts';
import { revisionKeys } from '../../../shared/keys.ts';
import { type JobStatus, JobStatusSchema } from '../../../shared/status.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { failJob } from '../../../storage/jobs.ts';
import { ask } from './ask.ts';

let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-jobs-'));
  store = new FolderStore(folder, { publicUrl: 'http://127.0.0.1:8080' });
  await store.prepare();
});
afterEach(() => rm(folder, { recursive: true }));

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  ask(store, method, path, body, headers);
async function job(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<JobStatus> {
  const reply = await call(method, path, body, headers);
  return JobStatusSchema.parse('body' in reply ? reply.body : null);
}
const create = (body: object = {}, key = 'k1') =>
  job('POST', '/v1/jobs', { footageSet: 'holiday', ...body }, { 'Idempotency-Key': key });

describe('asking for a montage', () => {
  it('makes one job of the same request sent twice, and two of two', async () => {
    const first = await create();
    expect(first).toMatchObject({
      state: 'waiting',
      style: 'dynamic',
      footageSet: 'holiday',
      revision: 1,
      outputs: [],
    });
    expect((await create()).id).toBe(first.id);
    expect((await create({}, 'k2')).id).not.toBe(first.id);
    expect(await call('GET', '/v1/jobs')).toMatchObject({ body: { jobs: [{}, {}] } });
  });

  it.each([
    [{ style: 'hitchcok' }, 'hitchcock'],
    [{ quality: 'superb' }, 'quality'],
    [{ seed: -1 }, 'seed'],
    [{ clips: ['no-folder.mp4'] }, 'clips'],
    [{ colour: 'red' }, 'colour'],
    [{ footageSet: '../x' }, 'footageSet'],
    [{ footageSet: 'a/b' }, 'footageSet'],
    [{ clips: ['holiday/../../etc/x.mp4'] }, 'clips'],
  ])('is refused before anything is done when it says %j', async (body, said) => {
    await expect(create(body)).rejects.toThrow(said);
    expect(await Array.fromAsync(store.list('jobs', ''))).toEqual([]);
  });
});

describe('a job', () => {
  it('says what it waits for while only a person can bring that', async () => {
    const { id, waitingFor } = await create();
    expect(waitingFor).toBe('Waiting for clips: the set holiday holds none; put them into input/holiday/');
    await store.putOnce('input', 'holiday/notes.txt', 'x');
    await store.putOnce('input', 'holidays/clip.mp4', 'x');
    const look = async () => (await job('GET', `/v1/jobs/${id}`)).waitingFor;
    expect(await look()).toBe(waitingFor);
    await store.putOnce('input', 'holiday/clip.mp4', 'x');
    expect(await look()).toBe('Waiting for a song: there is none; put one into music/');
    await store.putOnce('music', 'song.mp3', 'x');
    expect(await look()).toBeNull();
    // What was named one by one is there or the job fails; a job that has ended waits for nothing.
    expect((await create({ clips: ['away/a.mp4'], music: 'none.mp3' }, 'k2')).waitingFor).toBeNull();
    const other = await create({ footageSet: 'empty' }, 'k3');
    expect((await job('POST', `/v1/jobs/${other.id}/cancel`)).waitingFor).toBeNull();
  });

  it('is cancelled once and stays so', async () => {
    const { id } = await create();
    expect((await job('POST', `/v1/jobs/${id}/cancel`)).state).toBe('cancelled');
    expect((await job('POST', `/v1/jobs/${id}/cancel`)).state).toBe('cancelled');
  });

  it('can be retried when it has failed, and only then; the first reason stands', async () => {
    const { id } = await create();
    await expect(call('POST', `/v1/jobs/${id}/retry`)).rejects.toThrow('only a failed job');
    await failJob(store, id, 1, { stage: 'render', reason: 'The disk is full.' });
    await failJob(store, id, 1, { stage: 'assemble', reason: 'Nothing to join.' });
    expect(await job('GET', `/v1/jobs/${id}`)).toMatchObject({
      state: 'failed',
      failure: { stage: 'render', reason: 'The disk is full.' },
    });
    expect(await job('POST', `/v1/jobs/${id}/retry`)).toMatchObject({ state: 'waiting', failure: null });
    await failJob(store, id, 1, { stage: 'render', reason: 'Still full.' });
    expect(await call('GET', '/v1/jobs')).toMatchObject({ body: { jobs: [{ id }] } });
    expect(await job('GET', `/v1/jobs/${id}`)).toMatchObject({ state: 'failed', failure: { reason: 'Still full.' } });
  });

  it('is not failed again by a failure from before its retry', async () => {
    const { id } = await create();
    const hash = 'f'.repeat(64);
    await store.putOnce('jobs', revisionKeys(id, 1).request('render', hash, 1), '{}');
    await failJob(store, id, 1, { stage: 'render', reason: 'The disk is full.' });
    await setTimeout(20);
    await call('POST', `/v1/jobs/${id}/retry`);
    await failJob(store, id, 1, { stage: 'render', item: hash, reason: 'Old news.' }, 1);
    expect((await job('GET', `/v1/jobs/${id}`)).failure).toBeNull();
  });

  it('are listed page by page, newest first, also when the last one of a page is deleted meanwhile', async () => {
    const made: string[] = [];
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      made.unshift((await create({}, key)).id);
      await setTimeout(5);
    }
    const Page = API.listJobs.answers[200];
    const page = async (query: string) => {
      const reply = await call('GET', `/v1/jobs?limit=2${query}`);
      return Page.parse('body' in reply ? reply.body : null);
    };
    const ids: string[] = [];
    for (let query = ''; ; ) {
      const { jobs, next } = await page(query);
      ids.push(...jobs.map(({ id }) => id));
      if (next === null) break;
      await call('DELETE', `/v1/jobs/${ids.at(-1)}`);
      query = `&after=${encodeURIComponent(next)}`;
    }
    expect(ids).toEqual(made);
  });

  it('that can not be read hides no other', async () => {
    const { id } = await create();
    await store.putOnce('jobs', 'broken/request.json', 'not even JSON');
    expect(await call('GET', '/v1/jobs')).toMatchObject({ body: { jobs: [{ id }] } });
  });

  it('is removed with all that it made, and nothing else', async () => {
    const [gone, kept] = [await create(), await create({}, 'k2')];
    await store.putOnce('output', `${gone.id}/r1/montage.mp4`, 'video');
    await store.putOnce('output', `${kept.id}/r1/montage.mp4`, 'video');
    expect(await call('DELETE', `/v1/jobs/${gone.id}`)).toEqual({ status: 204 });
    await expect(call('GET', `/v1/jobs/${gone.id}`)).rejects.toThrow(Problem);
    expect((await Array.fromAsync(store.list('output', ''))).map(({ key }) => key)).toEqual([
      `${kept.id}/r1/montage.mp4`,
    ]);
    expect((await job('GET', `/v1/jobs/${kept.id}`)).state).toBe('waiting');
    await expect(create()).rejects.toThrow('was deleted');
  });

  it('gives its files only when it is done, by a URL for that file alone', async () => {
    const { id } = await create();
    await store.putOnce('output', `${id}/r1/montage.mp4`, 'video');
    await expect(call('GET', `/v1/jobs/${id}/output/montage.mp4`)).rejects.toThrow('has no file');
    await store.putOnce('jobs', revisionKeys(id, 1).done, '{}');
    expect(await call('GET', `/v1/jobs/${id}/output/montage.mp4`)).toMatchObject({
      status: 302,
      location: expect.stringContaining('montage.mp4'),
    });
    const saved = await call('GET', `/v1/jobs/${id}/output/montage.mp4?save=true&revision=1`);
    const { searchParams } = new URL('location' in saved ? saved.location : '');
    expect([...searchParams.values()]).toContain('holiday r1 montage.mp4');
    await expect(call('GET', `/v1/jobs/${id}/output/..%2F..%2Fsecret`)).rejects.toThrow('has no file');
    await expect(call('POST', `/v1/jobs/${id}/cancel`)).rejects.toThrow('nothing to cancel');
  });
});

describe('uploads', () => {
  it.each(['../x.mp4', 'holiday/../../x.mp4', 'holiday//x.mp4', 'x.mp4', 'holiday/x.exe', 'holiday/\0.mp4'])(
    'are refused for %j',
    async (key) => {
      await expect(call('POST', '/v1/uploads', { bucket: 'input', key })).rejects.toThrow(Problem);
    },
  );

  it('are signed for clips and songs', async () => {
    expect(await call('POST', '/v1/uploads', { bucket: 'input', key: 'holiday/été 1.mp4' })).toMatchObject({
      body: { url: expect.stringContaining('expires') },
    });
  });
});

describe('what was uploaded only to be analysed', () => {
  it('can be removed, with the folder that was made for it', async () => {
    await store.putOnce('input', 'analyze-0a1b2c3d/1/clip one.mp4', 'x');
    await store.putOnce('input', 'holiday/clip.mp4', 'x');
    expect(await call('DELETE', '/v1/uploads/input/analyze-0a1b2c3d/1/clip%20one.mp4')).toEqual({ status: 204 });
    expect(await readdir(join(folder, 'input'))).toEqual(['holiday']);
    expect(await call('DELETE', '/v1/uploads/input/analyze-0a1b2c3d/1/clip%20one.mp4')).toEqual({ status: 204 });
  });

  it.each([
    'input/holiday/clip.mp4',
    'input/analyze-me/clip.mp4',
    'input/analyze-0a1b2c3d/../holiday/clip.mp4',
    'input/analyze-0a1b2c3d%2F..%2Fholiday/clip.mp4',
    'output/analyze-0a1b2c3d/clip.mp4',
    'jobs/analyze-0a1b2c3d/request.json',
  ])('is all that can: not %s', async (path) => {
    await store.putOnce('input', 'holiday/clip.mp4', 'x');
    await expect(call('DELETE', `/v1/uploads/${path}`)).rejects.toThrow(Problem);
    expect(await store.stat('input', 'holiday/clip.mp4')).not.toBeNull();
  });
});

describe('paths', () => {
  it('lead to one verb each, and say which there are', () => {
    expect(findRoute('PATCH', '/v1/jobs/a')).toMatchObject({ route: null, allowed: ['GET', 'DELETE'] });
    expect(findRoute('GET', '/v2/jobs')).toMatchObject({ route: null, allowed: [] });
    expect(findRoute('GET', '/v1/analyses/input/holiday/day%201/a.mp4').route?.parameters).toEqual({
      bucket: 'input',
      key: 'holiday/day 1/a.mp4',
    });
    expect(findRoute('GET', '/v1/jobs/%ZZ').route).toBeNull();
  });
});
