import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOfPart, partBytesFor, partNumbers, rangeOfPart } from '../../shared/parts.ts';
import { Refusal } from '../../shared/refusal.ts';
import { FolderStore } from '../../storage/folder.ts';
import { NoSuchSending } from '../../storage/folder-parts.ts';
import type { PartedObject } from '../../storage/parts.ts';

const SIZE = 17 * 2 ** 20;
const DAY_MS = 24 * 3600 * 1000;

let root: string;
let store: FolderStore;
let file: Buffer;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'montage-folder-parts-'));
  store = new FolderStore(root);
  await store.prepare();
  file = randomBytes(SIZE);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function begun(): Promise<PartedObject> {
  const sending = await store.parts.begin('input', 'set/clip.mp4', SIZE);
  return { bucket: 'input', key: 'set/clip.mp4', bytes: SIZE, partBytes: partBytesFor(SIZE), sending };
}

async function put(object: PartedObject, number: number, content?: AsyncIterable<Uint8Array>): Promise<void> {
  const { start, end } = rangeOfPart(object, number);
  const bytes = file.subarray(start, end);
  const part = { sending: object.sending, number, start, bytes: bytesOfPart(object, number) };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await store.parts.put(part, sha256, content ?? slowly(bytes));
}

async function* slowly(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 3_000_000) {
    yield bytes.subarray(at, at + 3_000_000);
    await sleep(1);
  }
}

async function sent(): Promise<PartedObject> {
  const object = await begun();
  for (const number of partNumbers(object)) await put(object, number);
  return object;
}

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const complete = async (object: PartedObject) => store.parts.complete(object, (await store.parts.list(object)) ?? []);
const folderOf = ({ sending }: PartedObject) => join(root, '.uploads', sending);
const left = async () => [...(await readdir(join(root, '.uploads'))), ...(await readdir(join(root, '.scratch')))];

describe('Parts in a folder', () => {
  it('leave nothing behind once they are an object', async () => {
    expect(await complete(await sent())).toMatchObject({ size: SIZE });
    expect(await left()).toEqual([]);
    expect((await stat(join(root, 'input/set/clip.mp4'))).nlink).toBe(1);
  });

  it('give the ETag of what they are, however they came: in any order, at once, twice, or to another process', async () => {
    const object = await begun();
    await Promise.all([3, 1, 2].map((number) => put(object, number)));
    // It was made as they came: nothing is left to be read.
    expect(await readdir(folderOf(object))).toContain(`whole-${md5(file)}`);
    expect(await complete(object)).toMatchObject({ etag: md5(file) });
    await store.delete('input', 'set/clip.mp4');

    const twice = await sent();
    file = Buffer.from(file).fill(7, 9 * 2 ** 20, 10 * 2 ** 20);
    await put(twice, 2);
    expect(await complete(twice)).toMatchObject({ etag: md5(file) });
    await store.delete('input', 'set/clip.mp4');

    const moved = await begun();
    await put(moved, 1);
    store = new FolderStore(root);
    for (const number of [2, 3]) await put(moved, number);
    expect(await complete(moved)).toMatchObject({ etag: md5(file) });
    expect(await store.stat('input', 'set/clip.mp4')).toMatchObject({ etag: md5(file) });
  });

  it('take no more than was said, and nothing of what breaks off', async () => {
    const object = await begun();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(1_000_000);
    }
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield file.subarray(0, 1_000_000);
      throw new Error('The connection broke');
    }
    await expect(put(object, 1, endless())).rejects.toThrow(Refusal);
    await expect(put(object, 1, breaking())).rejects.toThrow('The connection broke');
    expect(await store.parts.list(object)).toEqual([]);
    expect(await readdir(join(root, '.scratch'))).toEqual([]);
  });

  it('are completed by the next one when the process was killed that had begun to', async () => {
    const object = await sent();
    await rename(folderOf(object), `${folderOf(object)}.sealed`);
    await expect(put(object, 1)).rejects.toThrow(NoSuchSending);
    expect(await store.parts.list(object)).toHaveLength(3);
    expect(await complete(object)).toMatchObject({ size: SIZE });
    expect((await store.read('input', 'set/clip.mp4')).equals(file)).toBe(true);
    expect(await left()).toEqual([]);
  });

  it('are taken away by the next one when the process was killed that had just made the object', async () => {
    const object = await sent();
    await mkdir(join(root, 'input/set'));
    await link(join(folderOf(object), 'data'), join(root, 'input/set/clip.mp4'));
    await rename(folderOf(object), `${folderOf(object)}.sealed`);
    expect(await complete(object)).toBeNull();
    // Else the next part would be written into the object.
    expect(await left()).toEqual([]);
    expect((await store.read('input', 'set/clip.mp4')).equals(file)).toBe(true);
  });

  it('that nobody has gone on with for long are cleared when the store is prepared, and no others', async () => {
    const [old, young] = [await begun(), await begun()];
    await put(old, 1);
    const then = new Date(Date.now() - 8 * DAY_MS);
    await utimes(folderOf(old), then, then);
    await store.prepare();
    expect(await left()).toEqual([young.sending]);
    expect(await store.parts.list(old)).toBeNull();
  });
});
