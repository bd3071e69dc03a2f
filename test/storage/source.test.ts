import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, ffprobe, input } from '../../shared/media/ffmpeg.ts';
import { bridgeSource } from '../../storage/byte-range-bridge.ts';
import { FolderStore } from '../../storage/folder.ts';
import { openSource, Sources } from '../../storage/source.ts';
import { NoSuchObject, type Store } from '../../storage/store.ts';
import { describeBothStores } from './stores.ts';

const limit = { timeLimitSeconds: 60 };
const KEY = 'a set/clip – 1.mp4';
let folder = '';
let clip = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-source-'));
  clip = join(folder, 'clip.mp4');
  // Noise hardly shrinks and Motion JPEG is quick to make: a few seconds are a file that is big beside what sockets hold.
  const noise = ['-f', 'lavfi', '-i', 'color=gray:s=640x360:r=25,noise=alls=100:allf=t', '-t', '8'];
  await ffmpeg(
    [...noise, '-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p', '-movflags', '+faststart', clip],
    limit,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A store whose objects lie in no local file, and which counts the bytes that are read from it and can break now and then. */
class RemoteStore extends FolderStore {
  bytes = 0;
  requests = 0;
  breakEvery = 0;
  /** From this byte on nothing can be read. */
  awayFrom = Number.POSITIVE_INFINITY;
  override async localPath(): Promise<null> {
    return null;
  }
  override async stream(...[bucket, key, range]: Parameters<FolderStore['stream']>) {
    const breaks = this.breakEvery > 0;
    let left = this.breakEvery;
    this.requests += 1;
    let at = range?.start ?? 0;
    if (at >= this.awayFrom) throw new Error('the store is away');
    const counted = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        const passed = breaks ? chunk.subarray(0, left) : chunk;
        left -= passed.length;
        at += passed.length;
        if (at >= this.awayFrom) return void counted.destroy(new Error('the store is away'));
        this.bytes += passed.length;
        if (breaks && left === 0) counted.destroy(new Error('the store broke'));
        else done(null, passed);
      },
    });
    const content = await super.stream(bucket, key, range);
    counted.on('close', () => content.destroy());
    return content.pipe(counted);
  }
}

async function remoteStore(): Promise<RemoteStore> {
  const store = new RemoteStore(await mkdtemp(join(folder, 'remote-')));
  await store.prepare();
  await store.putFileOnce('input', KEY, clip);
  return store;
}

/** The checksum of each decoded picture from `seconds` on. */
async function picturesOf(source: string, seconds: number, count: number): Promise<string> {
  const out = join(folder, `${crypto.randomUUID()}.md5`);
  await ffmpeg(
    [...input(source, '-ss', String(seconds)), '-frames:v', String(count), '-an', '-f', 'framemd5', out],
    limit,
  );
  return (await readFile(out, 'utf8')).replace(/^#.*\n/gm, '');
}

describeBothStores('A source', (store: () => Store) => {
  it('is decoded by ffmpeg picture for picture as the file it was made from', async () => {
    await store().putFileOnce('input', KEY, clip);
    await using source = await openSource(store(), 'input', KEY);
    const probed = JSON.parse(
      await ffprobe(['-of', 'json', '-show_format', '-show_streams', ...input(source.input)], limit),
    );
    expect(probed.format.duration).toBe('8.000000');
    expect(probed.streams).toMatchObject([{ codec_name: 'mjpeg', width: 640, height: 360, nb_frames: '200' }]);
    const pictures = await picturesOf(source.input, 6, 30);
    expect(pictures.split('\n').filter(Boolean)).toHaveLength(30);
    expect(pictures).toBe(await picturesOf(clip, 6, 30));
  });

  it('is refused when there is no such object', async () => {
    await expect(openSource(store(), 'input', 'none.mp4')).rejects.toThrow(NoSuchObject);
  });
});

describe('The sources of a piece of work', () => {
  it('are refused by name when a file has another content now, or is gone, before the work and after', async () => {
    const root = await mkdtemp(join(tmpdir(), 'montage-unchanged-'));
    const store = new FolderStore(root);
    await store.prepare();
    const info = await store.putOnce('input', 'set/beach.mp4', 'as it was');
    const taken = { file: 'beach.mp4', key: 'set/beach.mp4', etag: info?.etag ?? '' };
    await using sources = new Sources(store);
    expect(await sources.open('input', taken)).toBe(join(root, 'input/set/beach.mp4'));
    await sources.verify();
    await writeFile(join(root, 'input/set/beach.mp4'), 'as somebody made it since');
    await expect(sources.verify()).rejects.toThrow('beach.mp4 was changed');
    await expect(sources.open('input', taken)).rejects.toThrow('beach.mp4 was changed');
    await store.delete('input', 'set/beach.mp4');
    await expect(sources.verify()).rejects.toThrow('beach.mp4 was taken away');
    await expect(sources.open('input', taken)).rejects.toThrow('beach.mp4 was taken away');
    await rm(root, { recursive: true });
  });

  it('are not believed when a part could not be read, although ffmpeg took that for the end and was content', async () => {
    const store = await remoteStore();
    const etag = (await store.stat('input', KEY))?.etag ?? '';
    await using sources = new Sources(store);
    const source = await sources.open('input', { file: 'clip.mp4', key: KEY, etag });
    store.awayFrom = 12_000_000;
    const cut = await picturesOf(source, 0, 1000);
    expect(cut.split('\n').length).toBeLessThan(150);
    await expect(sources.verify()).rejects.toThrow('the store is away');
  });
});

describe('A source that lies in no local file', () => {
  it('is not read whole for two seconds near its end', async () => {
    const store = await remoteStore();
    const size = (await store.stat('input', KEY))?.size ?? 0;
    await using source = await openSource(store, 'input', KEY);
    expect(await picturesOf(source.input, 7, 10)).toBe(await picturesOf(clip, 7, 10));
    expect(size).toBeGreaterThan(20_000_000);
    expect(store.bytes).toBeLessThan(size / 2);
  });

  it('is read to the last picture although the store breaks off again and again', async () => {
    const store = await remoteStore();
    store.breakEvery = 6_000_000;
    await using source = await openSource(store, 'input', KEY);
    expect(await picturesOf(source.input, 0, 1000)).toBe(await picturesOf(clip, 0, 1000));
    expect(store.requests).toBeGreaterThan(4);
  });

  it('makes known that a part of it could not be read, however ffmpeg ended', async () => {
    const store = await remoteStore();
    const object = await store.stat('input', KEY);
    if (!object) throw new Error('the clip is not there');
    const { url, failure, close } = await bridgeSource(store, object);
    await (await fetch(url, { headers: { range: 'bytes=0-9' } })).arrayBuffer();
    expect(failure()).toBeNull();
    await store.delete('input', KEY);
    await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow();
    expect(failure()).toBeInstanceOf(NoSuchObject);
    await close();
  });

  it('answers HEAD and every kind of range as HTTP has it', async () => {
    const store = await remoteStore();
    await store.putOnce('jobs', 'digits', '0123456789');
    await using source = await openSource(store, 'jobs', 'digits');
    const ask = async (range: string | undefined, method = 'GET') => {
      const response = await fetch(source.input, { method, headers: range === undefined ? {} : { range } });
      return [response.status, response.headers.get('content-range'), await response.text()];
    };
    expect(await ask(undefined)).toEqual([200, null, '0123456789']);
    expect(await ask('bytes=0-')).toEqual([206, 'bytes 0-9/10', '0123456789']);
    expect(await ask('bytes=3-5')).toEqual([206, 'bytes 3-5/10', '345']);
    expect(await ask('bytes=8-99')).toEqual([206, 'bytes 8-9/10', '89']);
    expect(await ask('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await ask('bytes=10-')).toEqual([416, 'bytes */10', '']);
    expect(await ask('lines=1-2')).toEqual([200, null, '0123456789']);
    expect(await ask('bytes=3-5', 'HEAD')).toEqual([206, 'bytes 3-5/10', '']);
    expect(await ask(undefined, 'DELETE')).toEqual([405, null, '']);
    const head = await fetch(source.input, { method: 'HEAD' });
    expect([head.headers.get('content-length'), head.headers.get('accept-ranges')]).toEqual(['10', 'bytes']);
  });

  it('is open to nobody without its token, and to nobody once it is closed', async () => {
    const store = await remoteStore();
    await store.putOnce('jobs', 'b', 'second');
    const first = await openSource(store, 'input', KEY);
    const second = await openSource(store, 'jobs', 'b');
    const url = new URL(second.input);
    expect(url.hostname).toBe('127.0.0.1');
    expect(url.pathname).toMatch(/^\/[0-9a-f]{32}\/\d+$/);
    expect(new URL(first.input).origin).toBe(url.origin);
    for (const path of ['/', '/0', '/1', `/${'0'.repeat(32)}/1`, `${url.pathname}0`])
      expect((await fetch(new URL(path, url))).status, path).toBe(404);
    await first[Symbol.asyncDispose]();
    expect((await fetch(first.input)).status).toBe(404);
    expect(await (await fetch(second.input)).text()).toBe('second');
    await second[Symbol.asyncDispose]();
    await expect(fetch(second.input)).rejects.toThrow('fetch failed');
    await using again = await openSource(store, 'jobs', 'b');
    expect(await (await fetch(again.input)).text()).toBe('second');
    expect(new URL(again.input).pathname).not.toBe(url.pathname);
  });
});
