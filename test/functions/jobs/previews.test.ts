import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_CLIPS } from '../../../shared/demo/files.ts';
import { cacheKeys, previewKeys } from '../../../shared/keys.ts';
import type { StylePreview } from '../../../shared/preview.ts';
import { previewOf } from '../../../shared/preview-hash.ts';
import { builtInStyles, resolveStyle } from '../../../shared/styles/built-in.ts';
import { DEMO_SONG_KEY, demoClipKey } from '../../../storage/demo.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { anyPreviewOpen, failPreview, type PreviewNotes, previewState } from '../../../storage/previews.ts';
import { ask } from './ask.ts';

let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-previews-'));
  store = new FolderStore(folder, { publicUrl: 'http://127.0.0.1:8080' });
  await store.prepare();
});
afterEach(() => rm(folder, { recursive: true }));

const mtv = resolveStyle('mtv', [], {});
const previews = async (method: 'GET' | 'POST') => {
  const { body } = (await ask(store, method, '/v1/styles/previews')) as { body: { previews: StylePreview[] } };
  return body.previews;
};
const stateOf = (all: StylePreview[], style: string) => all.find((each) => each.style === style)?.state;
const wanted = async () => (await Array.fromAsync(store.list('jobs', '_previews/wanted/'))).map(({ etag }) => etag);

describe('the previews of all styles', () => {
  it('are missing until they are asked for, which changes nothing the second time', async () => {
    expect((await previews('GET')).map(({ state }) => state)).toEqual(builtInStyles().map(() => 'missing'));
    expect((await previews('POST')).map(({ state }) => state)).toEqual(builtInStyles().map(() => 'wanted'));
    const notes = await wanted();
    expect(notes).toHaveLength(builtInStyles().length);
    await previews('POST');
    expect(await wanted()).toEqual(notes);
  });

  it('are there for one’s own styles too, and another one once the style is changed', async () => {
    await store.putOnce('input', 'styles/mine.json', JSON.stringify({ ...mtv, id: 'mine' }));
    const first = (await previews('POST')).find(({ style }) => style === 'mine');
    expect(first?.state).toBe('wanted');
    await store.delete('input', 'styles/mine.json');
    await store.putOnce('input', 'styles/mine.json', JSON.stringify({ ...mtv, id: 'mine', mood: 'another' }));
    const second = (await previews('GET')).find(({ style }) => style === 'mine');
    expect(second?.state).toBe('missing');
    expect(second?.preview).not.toBe(first?.preview);
  });

  it('are had by name once they lie in the cache, and are missing again when that is cleared', async () => {
    const preview = previewOf(mtv);
    await expect(ask(store, 'GET', `/v1/previews/${preview}.mp4`)).rejects.toMatchObject({ status: 404 });
    await store.putOnce('cache', cacheKeys.preview(preview), 'film');
    expect(stateOf(await previews('POST'), 'mtv')).toBe('made');
    expect(await ask(store, 'GET', `/v1/previews/${preview}.mp4`)).toMatchObject({ status: 302 });
    await store.delete('cache', cacheKeys.preview(preview));
    expect(stateOf(await previews('POST'), 'mtv')).toBe('wanted');
  });

  it('that failed are not asked for again', async () => {
    await failPreview(store, previewOf(mtv), 'It is only a test', new Date());
    expect(stateOf(await previews('POST'), 'mtv')).toBe('failed');
    expect(await store.stat('jobs', previewKeys(previewOf(mtv)).wanted)).toBeNull();
  });

  it('are no jobs, sets or songs', async () => {
    await previews('POST');
    await store.putOnce('cache', demoClipKey('sunset'), 'clip');
    expect(await ask(store, 'GET', '/v1/jobs')).toMatchObject({ body: { jobs: [] } });
    expect(await ask(store, 'GET', '/v1/sets')).toMatchObject({ body: { sets: [] } });
    expect(await ask(store, 'GET', '/v1/songs')).toMatchObject({ body: { songs: [] } });
  });
});

describe('the demo', () => {
  it('is brought where a person’s own would go, by what previews are made of; until then it is said how far that is', async () => {
    const tried = () => ask(store, 'POST', '/v1/demo');
    expect(await tried()).toMatchObject({ status: 202, body: { made: 0, of: DEMO_CLIPS.length + 1 } });
    expect(await anyPreviewOpen(store)).toBe(true);
    for (const { name } of DEMO_CLIPS) await store.putOnce('cache', demoClipKey(name), `clip ${name}`);
    await store.putOnce('cache', DEMO_SONG_KEY, 'la la');
    expect(await tried()).toEqual({ status: 200, body: { set: 'Demo', song: 'first-light.wav' } });
    expect((await store.read('input', 'Demo/sunset.mp4')).toString()).toBe('clip sunset');
    expect((await store.read('music', 'first-light.wav')).toString()).toBe('la la');
    expect(await tried()).toMatchObject({ status: 200 });
  });
});

describe('the state of a preview', () => {
  const now = new Date('2026-01-02T12:00:00Z');
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  const notes = (more: Partial<PreviewNotes>): PreviewNotes => {
    return { preview: 'a', wanted: false, requests: [], made: false, failedAt: null, ...more };
  };
  it.each<[string, PreviewNotes | undefined, boolean, ReturnType<typeof previewState>]>([
    ['missing where nothing is noted', undefined, false, 'missing'],
    ['wanted once it is', notes({ wanted: true }), false, 'wanted'],
    ['made where it lies in the cache', notes({ wanted: true }), true, 'made'],
    ['failed for a day', notes({ failedAt: hoursAgo(23) }), false, 'failed'],
    ['missing after that', notes({ failedAt: hoursAgo(25) }), false, 'missing'],
  ])('is %s', (_name, noted, isMade, state) => {
    expect(previewState(noted, isMade, now)).toBe(state);
  });
});
