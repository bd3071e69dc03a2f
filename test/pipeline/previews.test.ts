import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Runtime, startRuntime } from '../../knative/local/runtime.ts';
import { Client } from '../../shared/api/client.ts';
import { readConfig } from '../../shared/config.ts';
import { DEMO_CLIPS } from '../../shared/demo/files.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { ffmpeg, input } from '../../shared/media/ffmpeg.ts';
import { probe } from '../../shared/media/probe.ts';
import { previewOf } from '../../shared/preview-hash.ts';
import { resolveStyle } from '../../shared/styles/built-in.ts';
import { FolderStore } from '../../storage/folder.ts';
import { wantPreview } from '../../storage/previews.ts';

const MOST_MS = 400_000;
const STYLES = ['hitchcock', 'mtv'].map((id) => resolveStyle(id, [], {}));
const BYTES_AT_MOST = 250_000;

let folder: string;
let store: FolderStore;
let runtime: Runtime;
let client: Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-previews-'));
  store = new FolderStore(join(folder, 'data'));
  await store.prepare();
  const config = readConfig({ MONTAGE_DATA: join(folder, 'data') });
  runtime = await startRuntime({ store, config, port: 0, onLog: () => {} });
  client = new Client(runtime);
});
afterAll(async () => {
  await runtime?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Pictures of a film, one a second, as bytes of grey. */
async function picturesOf(film: string): Promise<Buffer[]> {
  const raw = join(folder, 'pictures.gray');
  const [width, height] = [32, 18];
  const options = ['-vf', `fps=1,scale=${width}:${height},format=gray`, '-f', 'rawvideo', '-y', `file:${raw}`];
  await ffmpeg(['-v', 'error', ...input(film), ...options], { timeLimitSeconds: 60 });
  const bytes = await readFile(raw);
  return Array.from({ length: bytes.length / (width * height) }, (_, i) =>
    bytes.subarray(i * width * height, (i + 1) * width * height),
  );
}
const difference = (a: Buffer, b: Buffer) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;

describe('previews that are wanted', { timeout: MOST_MS + 60_000 }, () => {
  it('are made, small and moving, and known to nobody else', async () => {
    for (const style of STYLES) await wantPreview(store, previewOf(style), style, new Date());
    const states = async () => {
      const { body } = await client.call('listPreviews', {});
      return STYLES.map(({ id }) => body.previews.find(({ style }) => style === id)?.state);
    };
    await expect.poll(states, { timeout: MOST_MS, interval: 1000 }).toEqual(['made', 'made']);
    const firsts: Buffer[][] = [];
    for (const style of STYLES) {
      const answer = await fetch(`${runtime.url}/v1/previews/${previewOf(style)}.mp4`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes.length).toBeLessThan(BYTES_AT_MOST);
      const film = join(folder, `${style.id}.mp4`);
      await writeFile(film, bytes);
      const { video, audio } = await probe(film, { file: 'film.mp4' });
      expect(video).toMatchObject({ width: 320, height: 180, codec: 'h264' });
      expect(audio).toBeNull();
      const pictures = await picturesOf(film);
      expect(pictures.length).toBeGreaterThanOrEqual(6);
      expect(pictures.length).toBeLessThanOrEqual(9);
      const moves = pictures.slice(1).map((picture, i) => difference(picture, pictures[i] as Buffer));
      expect(Math.max(...moves)).toBeGreaterThan(5);
      firsts.push(pictures);
      expect(await store.stat('cache', cacheKeys.previewStill(previewOf(style)))).not.toBeNull();
    }
    const [one = [], other = []] = firsts;
    expect(Math.max(...one.flatMap((picture, i) => (other[i] ? difference(picture, other[i]) : 0)))).toBeGreaterThan(5);
    expect((await client.call('listJobs', {})).body.jobs).toEqual([]);
    expect((await client.call('listSets', {})).body.sets).toEqual([]);
    expect((await client.call('listSongs', {})).body.songs).toEqual([]);
    await expect.poll(() => Array.fromAsync(store.list('jobs', '')), { timeout: 30_000 }).toEqual([]);
    await expect.poll(() => runtime.idle(), { timeout: 30_000 }).toBe(true);
  });

  it('leave the demo’s clips and song to try Montage with, looked at and heard already', async () => {
    const { status, body } = await client.call('tryDemo', {});
    expect([status, body]).toEqual([200, { set: 'Demo', song: 'first-light.wav' }]);
    const { clips } = (await client.call('listClips', { parameters: { set: 'Demo' } })).body;
    expect(clips).toHaveLength(DEMO_CLIPS.length);
    for (const { found } of clips) expect(found).toMatchObject({ state: 'ready', width: 1280, height: 720 });
    const { songs } = (await client.call('listSongs', {})).body;
    expect(songs).toMatchObject([{ key: 'first-light.wav', found: { state: 'ready', tempo: expect.closeTo(120, 0) } }]);
  });
});
