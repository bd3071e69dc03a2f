import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FOOTAGE_ANALYSER_VERSION, MUSIC_ANALYSER_VERSION } from '../../../shared/analysis.ts';
import { cacheKeys } from '../../../shared/keys.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { ask } from './ask.ts';

let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-library-'));
  store = new FolderStore(folder, { publicUrl: 'http://127.0.0.1:8080' });
  await store.prepare();
});
afterEach(() => rm(folder, { recursive: true }));

const get = (path: string) => ask(store, 'GET', path);
const put = async (bucket: 'input' | 'music', key: string, body = key) => {
  const info = await store.putOnce(bucket, key, body);
  if (!info) throw new Error(`${key} is there`);
  return info;
};

describe('the sets', () => {
  it('are the folders that hold clips, counted, without what is no footage', async () => {
    await put('input', 'a b/one.mp4', '12345');
    await put('input', 'a/deep/two.mov', '123');
    const { lastModified } = await put('input', 'a/three.mp4', '12');
    await put('input', 'a/montage.yaml');
    await put('input', 'notes/read.txt');
    await put('input', 'styles/own.json');
    await put('input', 'analyze-0a1b2c3d/1/look.mp4');
    const changedAt = lastModified.toISOString();
    expect(await get('/v1/sets')).toEqual({
      status: 200,
      body: {
        sets: [
          { name: 'a', clips: 2, bytes: 5, changedAt },
          { name: 'a b', clips: 1, bytes: 5, changedAt: expect.any(String) },
        ],
        next: null,
      },
    });
  });

  it('come in pages that miss none and repeat none, whatever they are called', async () => {
    const names = ['a', 'a b', 'a-b', 'z', 'é', '夏', '🎬'];
    for (const name of names) await put('input', `${name}/clip.mp4`);
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const { body }: { body: { sets: { name: string }[]; next: string | null } } = (await get(
        `/v1/sets?limit=2${after && `&after=${encodeURIComponent(after)}`}`,
      )) as never;
      expect(body.sets.length).toBeLessThanOrEqual(2);
      seen.push(...body.sets.map(({ name }) => name));
      after = body.next;
    }
    expect(seen).toEqual(names);
    await expect(get('/v1/sets?limit=0')).rejects.toThrow('limit');
    await expect(get('/v1/sets?limit=many')).rejects.toThrow('limit');
  });
});

describe('the clips of a set', () => {
  it('say what was found in them, as soon as it is known', async () => {
    const seen = await put('input', 'holiday/day 1/seen.mp4');
    const refused = await put('input', 'holiday/refused.mp4');
    await put('input', 'holiday/waiting.mp4');
    await put('input', 'holidays/other.mp4');
    const shot = {
      startFrame: 0,
      endFrame: 50,
      startSeconds: 0,
      endSeconds: 2,
      opens: 'start',
      motion: 0,
      sharpness: 1,
    };
    const analysis = {
      kind: 'footage',
      durationSeconds: 2,
      frameRate: '25/1',
      width: 320,
      height: 180,
      hasAudio: false,
      shots: [{ ...shot, exposure: 0, clipped: 0, symmetry: 0, spread: 0, colour: [50, 0, 0], loudnessLufs: null }],
      curves: { hopSeconds: 1, motion: [0], sharpness: [0], exposure: [0] },
    };
    const keyOf = (etag: string) => cacheKeys.footageAnalysis(etag, FOOTAGE_ANALYSER_VERSION);
    await store.putOnce('cache', keyOf(seen.etag), JSON.stringify(analysis));
    const reason = 'It holds no picture.';
    await store.putOnce('cache', keyOf(refused.etag), JSON.stringify({ kind: 'rejected', reason }));
    expect(await get('/v1/sets/holiday/clips')).toMatchObject({
      body: {
        clips: [
          { file: 'day 1/seen.mp4', found: { state: 'ready', durationSeconds: 2, width: 320, height: 180, shots: 1 } },
          { file: 'refused.mp4', bytes: 19, found: { state: 'rejected', reason } },
          { file: 'waiting.mp4', key: 'holiday/waiting.mp4', found: { state: 'pending' } },
        ],
        next: null,
      },
    });
    await expect(get('/v1/sets/nowhere/clips')).rejects.toThrow('There is no set nowhere');
  });
});

describe('the songs', () => {
  it('say what was heard in them', async () => {
    const heard = await put('music', 'albums/heard.mp3');
    await put('music', 'new.flac');
    await put('music', 'analyze-0a1b2c3d/look.mp3');
    const section = { start: 0, end: 60, label: 'intro', energy: 0.5 };
    const analysis = {
      kind: 'music',
      durationSeconds: 60,
      tempo: 120,
      beats: [],
      sections: [section],
      energy: { hopSeconds: 1, values: [0] },
      loudnessLufs: -14,
    };
    await store.putOnce('cache', cacheKeys.musicAnalysis(heard.etag, MUSIC_ANALYSER_VERSION), JSON.stringify(analysis));
    expect(await get('/v1/songs')).toMatchObject({
      body: {
        songs: [
          { file: 'albums/heard.mp3', found: { state: 'ready', durationSeconds: 60, tempo: 120, sections: 1 } },
          { file: 'new.flac', found: { state: 'pending' } },
        ],
      },
    });
  });
});

describe('a clip or song itself', () => {
  it('is had by a URL for it alone, and for nothing that is neither', async () => {
    await put('input', 'holiday/day 1/a.mp4');
    expect(await get('/v1/media/input/holiday/day%201/a.mp4')).toMatchObject({
      status: 302,
      location: expect.stringContaining('day%201/a.mp4'),
    });
    await expect(get('/v1/media/input/holiday/none.mp4')).rejects.toThrow('There is no holiday/none.mp4 in input');
    await expect(get('/v1/media/jobs/x/request.json')).rejects.toThrow('bucket');
  });
});
