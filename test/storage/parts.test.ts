import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { bytesOfPart, partBytesFor, partNumbers, rangeOfPart } from '../../shared/parts.ts';
import { Refusal } from '../../shared/refusal.ts';
import { CHECKSUM_HEADER, type PartedObject, PartsChanged } from '../../storage/parts.ts';
import type { ObjectInfo } from '../../storage/store.ts';
import { describeBothStores } from './stores.ts';

const SIZE = 20 * 2 ** 20 + 5;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

describeBothStores('Objects that arrive in parts', (store) => {
  let file: Buffer;
  beforeAll(() => {
    file = randomBytes(SIZE);
  });

  async function begin(key: string, bytes = SIZE): Promise<PartedObject> {
    const sending = await store().parts.begin('input', key, bytes);
    return { bucket: 'input', key, bytes, partBytes: partBytesFor(bytes), sending };
  }

  const slice = (object: PartedObject, number: number, of = file) => {
    const { start, end } = rangeOfPart(object, number);
    return of.subarray(start, end);
  };

  async function put(object: PartedObject, number: number, body: Buffer, checksum: Buffer | null = sha256(body)) {
    const url = await store().parts.url(object, number, 60);
    const headers = checksum ? { [CHECKSUM_HEADER]: checksum.toString('base64') } : undefined;
    const answer = await fetch(url, { method: 'PUT', body: new Uint8Array(body), ...(headers && { headers }) });
    return { status: answer.status, text: await answer.text() };
  }

  async function send(object: PartedObject, of = file): Promise<void> {
    const answers = await Promise.all(
      partNumbers(object).map((number) => put(object, number, slice(object, number, of))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  }

  async function complete(object: PartedObject): Promise<ObjectInfo | null> {
    const parts = await store().parts.list(object);
    return parts && store().parts.complete(object, parts);
  }
  const isThere = async (key: string, bytes = file) => (await store().read('input', key)).equals(bytes);

  it('are those bytes, whatever the order of the parts, and nothing before the last step', async () => {
    const object = await begin('order/clip.mp4');
    expect(await store().parts.list(object)).toEqual([]);
    for (const number of [3, 1, 2]) expect((await put(object, number, slice(object, number))).status).toBe(200);
    expect(await store().stat('input', 'order/clip.mp4')).toBeNull();
    expect(await Array.fromAsync(store().list('input', 'order/'))).toEqual([]);
    const parts = await store().parts.list(object);
    expect(parts).toMatchObject(
      [1, 2, 3].map((number) => ({
        number,
        bytes: bytesOfPart(object, number),
        sha256: sha256(slice(object, number)).toString('hex'),
      })),
    );
    for (const { arrivedAt } of parts ?? []) expect(Math.abs(Date.now() - arrivedAt.getTime())).toBeLessThan(60_000);
    const made = await complete(object);
    expect(made).toMatchObject({ bucket: 'input', key: 'order/clip.mp4', size: SIZE });
    expect(await store().stat('input', 'order/clip.mp4')).toMatchObject({ etag: made?.etag, size: SIZE });
    expect(await isThere('order/clip.mp4')).toBe(true);
    expect(await store().parts.list(object)).toBeNull();
  });

  it('have the same ETag when they are the same', async () => {
    const infos: (ObjectInfo | null)[] = [];
    for (const key of ['etag/a.mp4', 'etag/b.mp4']) {
      const object = await begin(key);
      await send(object);
      infos.push(await complete(object));
    }
    expect(infos[0]?.etag).toMatch(/^[0-9a-f]{32}(-3)?$/);
    expect(infos[1]?.etag).toBe(infos[0]?.etag);
  });

  it('arrive as one object that is watched for', async () => {
    const seen: ObjectInfo[] = [];
    const stop = new AbortController();
    await store().watch(['input'], (arrival) => seen.push(arrival), stop.signal);
    const object = await begin('watched/clip.mp4');
    await send(object);
    const made = await complete(object);
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(seen).toMatchObject([{ key: 'watched/clip.mp4', etag: made?.etag, size: SIZE }]);
    stop.abort();
  });

  it('take a part as it was sent last', async () => {
    const object = await begin('twice/clip.mp4');
    await send(object, randomBytes(SIZE));
    await send(object);
    const answers = await Promise.all([1, 2].map(() => put(object, 2, slice(object, 2))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await store().parts.list(object)).toHaveLength(3);
    await complete(object);
    expect(await isThere('twice/clip.mp4')).toBe(true);
  });

  it('take no part that is not what its checksum says, or has none; what was there stays', async () => {
    const object = await begin('checked/clip.mp4');
    await send(object);
    const before = await store().parts.list(object);
    const other = randomBytes(bytesOfPart(object, 2));
    for (const checksum of [sha256(slice(object, 2)), Buffer.from('nonsense'), null]) {
      const { status, text } = await put(object, 2, other, checksum);
      expect(status).toBe(400);
      expect(text).toMatch(/checksum|SHA-256/i);
    }
    expect(await store().parts.list(object)).toEqual(before);
    await complete(object);
    expect(await isThere('checked/clip.mp4')).toBe(true);
  });

  it('show a part of another size, or refuse it', async () => {
    const object = await begin('sizes/clip.mp4');
    await send(object);
    for (const size of [0, 5, bytesOfPart(object, 3) + 1]) {
      const { status } = await put(object, 3, randomBytes(size));
      const part = (await store().parts.list(object))?.[2];
      if (status === 200) expect(part?.bytes).toBe(size);
      else expect([status, part?.bytes]).toEqual([400, bytesOfPart(object, 3)]);
    }
  });

  it('leave a name to who had it first, and the parts where they are', async () => {
    const object = await begin('taken/clip.mp4');
    await send(object);
    await store().putOnce('input', 'taken/clip.mp4', 'first');
    expect(await complete(object)).toBeNull();
    expect((await store().read('input', 'taken/clip.mp4')).toString()).toBe('first');
    expect(await store().parts.list(object)).toHaveLength(3);
    await store().delete('input', 'taken/clip.mp4');
    expect(await complete(object)).toMatchObject({ size: SIZE });
    expect(await isThere('taken/clip.mp4')).toBe(true);
  });

  it('are made once by ten who complete them at once, and of two of one name one is there whole', async () => {
    const object = await begin('race/one.mp4');
    await send(object);
    const made = await Promise.all(Array.from({ length: 10 }, () => complete(object)));
    expect(made.filter((each) => each !== null).length).toBeLessThanOrEqual(1);
    expect(await isThere('race/one.mp4')).toBe(true);

    const other = randomBytes(SIZE);
    const two = [await begin('race/two.mp4'), await begin('race/two.mp4')] as const;
    await send(two[0]);
    await send(two[1], other);
    const winners = await Promise.all(two.map((each) => complete(each)));
    expect(winners.filter((each) => each !== null)).toHaveLength(1);
    expect(await isThere('race/two.mp4', winners[0] ? file : other)).toBe(true);
  });

  it('are not made of other parts than those that were looked at', async () => {
    const object = await begin('changed/clip.mp4');
    await send(object);
    const looked = (await store().parts.list(object)) ?? [];
    expect((await put(object, 1, randomBytes(bytesOfPart(object, 1)))).status).toBe(200);
    await expect(store().parts.complete(object, looked)).rejects.toThrow(PartsChanged);
    expect(await store().stat('input', 'changed/clip.mp4')).toBeNull();
    expect((await put(object, 1, slice(object, 1))).status).toBe(200);
    await complete(object);
    expect(await isThere('changed/clip.mp4')).toBe(true);
  });

  it('can be given up, and are gone then', async () => {
    const object = await begin('given up/clip.mp4');
    await send(object);
    const url = await store().parts.url(object, 1, 60);
    const parts = (await store().parts.list(object)) ?? [];
    await store().parts.abort(object);
    await store().parts.abort(object);
    expect(await store().parts.list(object)).toBeNull();
    expect(await store().parts.complete(object, parts)).toBeNull();
    const body = slice(object, 1);
    const headers = { [CHECKSUM_HEADER]: sha256(body).toString('base64') };
    expect((await fetch(url, { method: 'PUT', body: new Uint8Array(body), headers })).status).toBe(404);
    expect(await store().stat('input', 'given up/clip.mp4')).toBeNull();
  });

  it('are put by URLs that are good for one part of one sending', async () => {
    const [one, two] = [await begin('urls/one.mp4'), await begin('urls/two.mp4')];
    const url = await store().parts.url(one, 1, 60);
    const body = slice(one, 1);
    const headers = { [CHECKSUM_HEADER]: sha256(body).toString('base64') };
    const status = async (address: string, method = 'PUT') =>
      (await fetch(address, { method, headers, ...(method === 'PUT' && { body: new Uint8Array(body) }) })).status;
    expect(await status(url.replace('one.mp4', 'two.mp4'))).toBe(403);
    expect(await status(url.replace(/([?&](?:number|partNumber)=)1/, '$12'))).toBe(403);
    expect(await status(url.replace(encodeURIComponent(one.sending), encodeURIComponent(two.sending)))).toBe(403);
    expect(await status(url, 'GET')).toBe(403);
    const whole = url
      .replace(/[?&](?:uploadId|partNumber|sending|number|start|bytes)=[^&]*/g, '')
      .replace('.mp4&', '.mp4?');
    expect(await status(whole)).toBe(403);
    expect(await store().parts.list(one)).toEqual([]);
    expect(await status(url)).toBe(200);
    expect(await store().parts.list(two)).toEqual([]);
  });

  it('refuse the names that objects can not have', async () => {
    for (const key of ['../a.mp4', 'a/../../b.mp4', 'zero\0.mp4', `${'x'.repeat(300)}.mp4`, '.hidden/a.mp4'])
      await expect(store().parts.begin('input', key, SIZE)).rejects.toThrow(Refusal);
  });

  it.each(['מסיבה/סרט ‮4pm.mp4', 'Été & + = 100%/clip #1?.mp4', 'a b/new\nline.mp4'])(
    'keep the name %j as it is',
    async (key) => {
      const object = await begin(key, 9 * 2 ** 20);
      await send(object);
      expect(await complete(object)).toMatchObject({ key });
      expect(await isThere(key, file.subarray(0, 9 * 2 ** 20))).toBe(true);
    },
  );
});
