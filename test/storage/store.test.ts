import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bucket } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import { compareKeys, isHidden } from '../../storage/object-key.ts';
import { NoSuchObject, type ObjectInfo, type Store } from '../../storage/store.ts';
import { describeBothStores } from './stores.ts';

const md5 = (content: string | Uint8Array) => createHash('md5').update(content).digest('hex');

async function listed(store: Store, bucket: Bucket, prefix: string): Promise<ObjectInfo[]> {
  return Array.fromAsync(store.list(bucket, prefix));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const ODD_NAMES = [
  'Ünïcödé – 日本語 🎬.mp4',
  'two  spaces and a tab\t.mp4',
  'new\nline.mp4',
  `quotes ' " \`.mp4`,
  '-leading dash.mp4',
  '100% & + = ? #;,:@$.mp4',
  '<xml> & [brackets] {braces} | ^.mp4',
  'back\\slash.mp4',
  '007.mp4',
];

describeBothStores('A store', (store) => {
  let scratch = '';
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'montage-store-test-'));
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  it('gives back the bytes that were put, with their MD5 as ETag and their size', async () => {
    const body = randomBytes(1000);
    const put = await store().putOnce('jobs', 'bytes/a.bin', body);
    expect(put).toMatchObject({ bucket: 'jobs', key: 'bytes/a.bin', etag: md5(body), size: 1000 });
    expect((await store().read('jobs', 'bytes/a.bin')).equals(body)).toBe(true);
    expect(await store().stat('jobs', 'bytes/a.bin')).toMatchObject({ etag: md5(body), size: 1000 });
  });

  it('keeps text as UTF-8 and knows when it arrived', async () => {
    const put = await store().putOnce('jobs', 'text/a.json', '{"name":"Zürich 🎬"}');
    expect(put?.size).toBe(23);
    expect((await store().read('jobs', 'text/a.json')).toString()).toBe('{"name":"Zürich 🎬"}');
    expect(Math.abs(Date.now() - (put?.lastModified.getTime() ?? 0))).toBeLessThan(10_000);
  });

  it('keeps an empty object', async () => {
    expect(await store().putOnce('jobs', 'empty/a', '')).toMatchObject({ size: 0, etag: md5('') });
    expect(await store().read('jobs', 'empty/a')).toHaveLength(0);
    expect(await buffer(await store().stream('jobs', 'empty/a'))).toHaveLength(0);
  });

  it('never changes an object that is put again', async () => {
    await store().putOnce('jobs', 'twice/a', 'first');
    expect(await store().putOnce('jobs', 'twice/a', 'second')).toBeNull();
    expect((await store().read('jobs', 'twice/a')).toString()).toBe('first');
  });

  it('lets exactly one of twenty writers at once win', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store().putOnce('jobs', 'race/a', `writer ${i}`)),
    );
    const winner = results.findIndex((result) => result !== null);
    expect(results.filter((result) => result !== null)).toHaveLength(1);
    expect((await store().read('jobs', 'race/a')).toString()).toBe(`writer ${winner}`);
  });

  it('copies an object to another key, as often as one likes, with what it is', async () => {
    const content = randomBytes(300_000);
    await store().putOnce('music', 'copied/one clip – Zürich.mp4', content);
    await Promise.all([1, 2].map(() => store().copy('music', 'copied/one clip – Zürich.mp4', 'copies/two.mp4')));
    await store().copy('music', 'copied/one clip – Zürich.mp4', 'copies/two.mp4');
    await store().delete('music', 'copied/one clip – Zürich.mp4');
    expect(await store().stat('music', 'copies/two.mp4')).toMatchObject({ etag: md5(content), size: content.length });
    const answer = await fetch(
      await store().signedUrl('music', 'copies/two.mp4', { method: 'GET', expiresSeconds: 60 }),
    );
    expect(answer.headers.get('content-type')).toBe('video/mp4');
    expect(md5(new Uint8Array(await answer.arrayBuffer()))).toBe(md5(content));
    await expect(store().copy('music', 'copied/nothing.mp4', 'copies/three.mp4')).rejects.toThrow(NoSuchObject);
    expect(await store().stat('music', 'copies/three.mp4')).toBeNull();
    await expect(store().copy('music', 'copies/two.mp4', '../four.mp4')).rejects.toThrow(Refusal);
  });

  it('puts a file once, whole, and leaves it as it is', async () => {
    const content = randomBytes(3_000_000);
    const path = join(scratch, 'clip.mp4');
    await writeFile(path, content);
    const puts = await Promise.all([1, 2, 3].map(() => store().putFileOnce('cache', 'files/clip.mp4', path)));
    expect(puts.filter((put) => put !== null)).toMatchObject([{ etag: md5(content), size: content.length }]);
    expect((await readFile(path)).equals(content)).toBe(true);
    await writeFile(path, 'changed later');
    await store().getFile('cache', 'files/clip.mp4', join(scratch, 'back.mp4'));
    expect(md5(await readFile(join(scratch, 'back.mp4')))).toBe(md5(content));
  });

  it('replaces an object only while its ETag is still the one named', async () => {
    const first = await store().putOnce('cache', 'cas/a', 'one');
    const second = await store().replace('cache', 'cas/a', 'two', first?.etag ?? '');
    expect(second).toMatchObject({ etag: md5('two'), size: 3 });
    expect(await store().replace('cache', 'cas/a', 'three', first?.etag ?? '')).toBeNull();
    expect((await store().read('cache', 'cas/a')).toString()).toBe('two');
    expect(await store().replace('cache', 'cas/none', 'x', md5('two'))).toBeNull();
    expect(await store().stat('cache', 'cas/none')).toBeNull();
  });

  it('lets exactly one of twenty replacements of the same version win', async () => {
    const first = await store().putOnce('cache', 'cas/race', 'start');
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store().replace('cache', 'cas/race', `writer ${i}`, first?.etag ?? '')),
    );
    const winner = results.findIndex((result) => result !== null);
    expect(results.filter((result) => result !== null)).toHaveLength(1);
    expect((await store().read('cache', 'cas/race')).toString()).toBe(`writer ${winner}`);
  });

  it('reads any range of bytes, both ends inclusive', async () => {
    const body = randomBytes(700_000);
    await store().putOnce('cache', 'ranges/a', body);
    const range = fc.record({ start: fc.nat(720_000), length: fc.option(fc.integer({ min: 1, max: 400_000 })) });
    await fc.assert(
      fc.asyncProperty(range, async ({ start, length }) => {
        const end = length === null ? undefined : start + length - 1;
        const stream = await store().stream('cache', 'ranges/a', end === undefined ? { start } : { start, end });
        const expected = body.subarray(start, end === undefined ? undefined : end + 1);
        expect((await buffer(stream)).equals(expected)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('says so when there is no such object', async () => {
    await expect(store().read('jobs', 'none/a')).rejects.toThrow(NoSuchObject);
    await expect(store().stream('jobs', 'none/a')).rejects.toThrow(NoSuchObject);
    await expect(store().getFile('jobs', 'none/a', join(scratch, 'none'))).rejects.toThrow(NoSuchObject);
    expect(await store().stat('jobs', 'none/a')).toBeNull();
    expect(await store().localPath('jobs', 'none/a')).toBeNull();
  });

  it('deletes, without complaint when there is nothing, and takes the key anew', async () => {
    await store().putOnce('jobs', 'gone/deep/a', 'first');
    await store().delete('jobs', 'gone/deep/a');
    await store().delete('jobs', 'gone/deep/a');
    expect(await store().stat('jobs', 'gone/deep/a')).toBeNull();
    expect(await store().putOnce('jobs', 'gone/deep/a', 'second')).not.toBeNull();
  });

  it('takes any name that a file can have', async () => {
    for (const name of ODD_NAMES) await store().putOnce('input', `odd names/${name}`, name);
    expect((await listed(store(), 'input', 'odd names/')).map(({ key }) => key.slice(10))).toEqual(
      [...ODD_NAMES].sort(compareKeys),
    );
    for (const name of ODD_NAMES) {
      expect((await store().read('input', `odd names/${name}`)).toString()).toBe(name);
      expect(await store().stat('input', `odd names/${name}`)).toMatchObject({ etag: md5(name) });
    }
  });

  it.each([
    '',
    '/etc/passwd',
    '../a',
    'a/../../b',
    'a//b',
    'a/',
    './a',
    'a/.',
    'zero\0',
    'half \ud83c',
    'x'.repeat(300),
  ])('refuses the key %j in everything it does', async (key) => {
    const path = join(scratch, 'any');
    await writeFile(path, 'x');
    for (const attempt of [
      () => store().putOnce('input', key, 'x'),
      () => store().putFileOnce('input', key, path),
      () => store().replace('input', key, 'x', md5('x')),
      () => store().read('input', key),
      () => store().stream('input', key),
      () => store().getFile('input', key, path),
      () => store().stat('input', key),
      () => store().delete('input', key),
      () => store().signedUrl('input', key, { method: 'PUT', expiresSeconds: 60 }),
    ])
      await expect(attempt()).rejects.toThrow(Refusal);
  });

  it('refuses to make what it would not show: dotfiles and unfinished downloads', async () => {
    for (const key of [
      'set/.DS_Store',
      '.hidden/a.mp4',
      'set/._clip.mp4',
      'set/clip.mp4.part',
      'a.crdownload',
      '~lock.a',
    ])
      await expect(store().putOnce('input', key, 'x')).rejects.toThrow(Refusal);
  });

  it('lists by prefix, anywhere in the name, in order of UTF-8 bytes', async () => {
    const keys = ['l/b/1', 'l/b-1', 'l/b.txt', 'l/b0', 'l/ba/z', 'l/a', 'l/é', 'l/\u{ff5e}', 'l/\u{1f3ac}', 'l/B', 'm'];
    for (const key of keys) await store().putOnce('output', key, key);
    const expected = (prefix: string) => keys.filter((key) => key.startsWith(prefix)).sort(compareKeys);
    for (const prefix of ['', 'l/', 'l/b', 'l/b/', 'l/ba', 'l', 'l/b/1', 'none', 'l/none/'])
      expect((await listed(store(), 'output', prefix)).map(({ key }) => key)).toEqual(expected(prefix));
    const [first] = await listed(store(), 'output', 'l/b/1');
    expect(first).toMatchObject({ bucket: 'output', key: 'l/b/1', etag: md5('l/b/1'), size: 5 });
  });

  it('lists more than a page of objects', { timeout: 120_000 }, async () => {
    const keys = Array.from({ length: 1100 }, (_, i) => `page/${String(i).padStart(5, '0')}`);
    for (let i = 0; i < keys.length; i += 50)
      await Promise.all(keys.slice(i, i + 50).map((key) => store().putOnce('cache', key, '')));
    expect((await listed(store(), 'cache', 'page/')).map(({ key }) => key)).toEqual(keys);
  });

  it('behaves like a map from keys to bytes, whatever is done in whatever order', { timeout: 120_000 }, async () => {
    const key = fc.constantFrom('a', 'b/c', 'b/d e', 'ü/x');
    const step = fc.record({
      does: fc.constantFrom('put', 'replace', 'delete'),
      key,
      value: fc.string({ maxLength: 8 }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const root = `map/${run++}/`;
        const model = new Map<string, string>();
        for (const { does, key, value } of steps) {
          const before = model.get(key);
          if (does === 'put') {
            const put = await store().putOnce('jobs', root + key, value);
            expect(put === null).toBe(before !== undefined);
            if (before === undefined) model.set(key, value);
          } else if (does === 'replace') {
            const replaced = await store().replace('jobs', root + key, value, md5(before ?? ''));
            expect(replaced === null).toBe(before === undefined);
            if (before !== undefined) model.set(key, value);
          } else {
            await store().delete('jobs', root + key);
            model.delete(key);
          }
        }
        const found = await listed(store(), 'jobs', root);
        expect(found.map(({ key, etag }) => [key.slice(root.length), etag])).toEqual(
          [...model].map(([key, value]) => [key, md5(value)]).sort(([a = ''], [b = '']) => compareKeys(a, b)),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('reports each new object once, and none that was there before', async () => {
    await store().putOnce('output', 'watched/before', 'x');
    const seen: ObjectInfo[] = [];
    const stop = new AbortController();
    await store().watch(['jobs', 'output'], (arrival) => seen.push(arrival), stop.signal);
    const keys = ['watched/a', 'watched/deep/er/b', 'watched/ünï cödé+%.json', 'watched/deep/c'];
    for (const key of keys) await store().putOnce('output', key, key);
    await store().putOnce('jobs', 'watched/d', 'd');
    await store().putOnce('output', 'watched/a', 'is there already');
    await store().putOnce('cache', 'watched/elsewhere', 'x');
    await until(() => seen.length >= 5);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(
      seen
        .map(({ bucket, key, etag, size }) => ({ bucket, key, etag, size }))
        .sort((a, b) => compareKeys(a.key, b.key)),
    ).toEqual(
      [
        ...keys.map((key) => ({ bucket: 'output', key, etag: md5(key), size: Buffer.byteLength(key) })),
        { bucket: 'jobs', key: 'watched/d', etag: md5('d'), size: 1 },
      ].sort((a, b) => compareKeys(a.key, b.key)),
    );
    stop.abort();
    await store().putOnce('output', 'watched/late', 'x');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(seen).toHaveLength(5);
  });

  it('reports a replacement as an arrival', async () => {
    const first = await store().putOnce('cache', 'watched/lease', 'one');
    const seen: ObjectInfo[] = [];
    const stop = new AbortController();
    await store().watch(['cache'], (arrival) => seen.push(arrival), stop.signal);
    await store().replace('cache', 'watched/lease', 'two', first?.etag ?? '');
    await until(() => seen.length > 0);
    expect(seen).toMatchObject([{ key: 'watched/lease', etag: md5('two') }]);
    stop.abort();
  });

  it('reports a clip that is put into the input bucket', async () => {
    const seen: ObjectInfo[] = [];
    const stop = new AbortController();
    await store().watch(['input'], (arrival) => seen.push(arrival), stop.signal);
    await store().putOnce('input', 'fresh set/clip.mp4', 'clip');
    await until(() => seen.length > 0);
    expect(seen).toMatchObject([{ bucket: 'input', key: 'fresh set/clip.mp4', etag: md5('clip'), size: 4 }]);
    stop.abort();
  });

  it('can be prepared again without losing anything', async () => {
    await store().putOnce('jobs', 'kept/a', 'x');
    await store().prepare();
    expect((await store().read('jobs', 'kept/a')).toString()).toBe('x');
  });
});

describe('Names that are not objects', () => {
  it('are dotfiles, locks and unfinished downloads, in any folder', () => {
    expect(['a/.b', '.a/b', 'a/~$b.docx', 'clip.mp4.PART', 'a.crdownload/b'].map(isHidden)).toEqual(
      Array(5).fill(true),
    );
    expect(['a.b', 'a~', 'part', 'download.mp4', 'a/b.c/d'].map(isHidden)).toEqual(Array(5).fill(false));
  });
});
