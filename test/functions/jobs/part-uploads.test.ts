import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { Problem, problemIn } from '../../../functions/problem.ts';
import type { PartUpload } from '../../../shared/api/part-uploads.ts';
import { sampleHead, samplesOf } from '../../../shared/content-id.ts';
import { cacheKeys } from '../../../shared/keys.ts';
import { rangeOfPart } from '../../../shared/parts.ts';
import { CHECKSUM_HEADER } from '../../../storage/parts.ts';
import { clearUploads } from '../../../storage/uploads.ts';
import { describeBothStores } from '../../storage/stores.ts';
import { ask } from './ask.ts';

const SIZE = 9 * 2 ** 20 + 7;
const DAY_MS = 24 * 3600 * 1000;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function contentIn(file: Buffer): string {
  const hash = createHash('sha256').update(sampleHead(file.length));
  for (const { start, end } of samplesOf(file.length)) hash.update(file.subarray(start, end));
  return hash.digest('hex');
}

describeBothStores('Sending a file in parts', (store) => {
  const call = async <T>(method: string, path: string, body?: unknown) => {
    const answer = await ask(store(), method, path, body);
    return { status: answer.status, body: ('body' in answer ? answer.body : undefined) as T };
  };
  /** How a request is refused: its status and sentence. */
  const refusal = async (method: string, path: string, body?: unknown): Promise<[number, string]> => {
    const error: unknown = await call(method, path, body).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    const problem = problemIn(error);
    if (!(problem instanceof Problem)) throw new Error(`${method} ${path} was not refused`, { cause: error });
    return [problem.status, problem.message];
  };
  const begin = async (key: string, file: Buffer, bucket = 'input') =>
    call<PartUpload>('POST', '/v1/part-uploads', { bucket, key, bytes: file.length, content: contentIn(file) });
  const complete = (upload: string) =>
    call<{ key: string; etag: string; bytes: number }>('POST', `/v1/part-uploads/${upload}/complete`);
  const find = async (file: Buffer, where = '') =>
    (
      await call<{ key: string | null }>(
        'GET',
        `/v1/contents/${contentIn(file)}?bytes=${file.length}${where && `&set=${encodeURIComponent(where)}`}`,
      )
    ).body.key;

  async function put(upload: PartUpload, number: number, file: Buffer, checksum?: Buffer): Promise<number> {
    const { body } = await call<{ urls: { number: number; url: string }[] }>(
      'POST',
      `/v1/part-uploads/${upload.upload}/urls`,
      { parts: [number] },
    );
    const { start, end } = rangeOfPart(upload, number);
    const part = new Uint8Array(file.subarray(start, end));
    const headers = { [CHECKSUM_HEADER]: (checksum ?? sha256(part)).toString('base64') };
    return (await fetch(body.urls[0]?.url ?? '', { method: 'PUT', body: part, headers })).status;
  }

  async function sent(key: string, file: Buffer, bucket = 'input'): Promise<PartUpload> {
    const { body } = await begin(key, file, bucket);
    for (const number of [2, 1]) expect(await put(body, number, file)).toBe(200);
    return body;
  }
  const read = (key: string) => store().read('input', key);

  it('gives the clip whole, and is one and the same upload for as long as it is under way', async () => {
    const file = randomBytes(SIZE);
    const first = await begin('way/clip.mp4', file);
    expect(first).toMatchObject({
      status: 201,
      body: { bucket: 'input', key: 'way/clip.mp4', bytes: SIZE, partBytes: 8 * 2 ** 20, parts: [] },
    });
    const { upload } = first.body;
    expect(await put(first.body, 2, file)).toBe(200);
    const parts = [
      { number: 2, bytes: SIZE - 8 * 2 ** 20, sha256: sha256(file.subarray(8 * 2 ** 20)).toString('hex') },
    ];
    expect(await begin('way/clip.mp4', file)).toMatchObject({ status: 200, body: { upload, parts } });
    expect(await call('GET', `/v1/part-uploads/${upload}`)).toMatchObject({ status: 200, body: { upload, parts } });
    expect((await begin('way/clip.mp4', randomBytes(SIZE))).body.upload).not.toBe(upload);
    expect((await begin('way/other.mp4', file)).body.upload).not.toBe(upload);
    expect(await put(first.body, 1, file)).toBe(200);
    expect(await complete(upload)).toMatchObject({ status: 200, body: { key: 'way/clip.mp4', bytes: SIZE } });
    expect((await read('way/clip.mp4')).equals(file)).toBe(true);
  });

  it('is begun once by ten who begin it at once', async () => {
    const file = randomBytes(SIZE);
    const begun = await Promise.all(Array.from({ length: 10 }, () => begin('ten/clip.mp4', file)));
    expect(new Set(begun.map(({ body }) => body.upload)).size).toBe(1);
    expect(await put(begun[0]?.body as PartUpload, 1, file)).toBe(200);
    expect((await begin('ten/clip.mp4', file)).body.parts).toHaveLength(1);
  });

  it('can be completed twice, and by two at once; the answer is the same', async () => {
    const file = randomBytes(SIZE);
    const { upload } = await sent('twice/clip.mp4', file);
    const [one, two] = await Promise.all([complete(upload), complete(upload)]);
    expect(two).toEqual(one);
    expect(await complete(upload)).toEqual(one);
    expect(await store().stat('input', 'twice/clip.mp4')).toMatchObject({ etag: one.body.etag });
  });

  it('names the part that is missing, and makes nothing', async () => {
    const file = randomBytes(SIZE);
    const { body } = await begin('missing/clip.mp4', file);
    await put(body, 2, file);
    expect(await refusal('POST', `/v1/part-uploads/${body.upload}/complete`)).toEqual([
      409,
      'Part 1 of 2 of missing/clip.mp4 has not arrived: send it, then complete the upload',
    ]);
    expect(await store().stat('input', 'missing/clip.mp4')).toBeNull();
    expect((await begin('missing/clip.mp4', file)).body.parts).toHaveLength(1);
  });

  it('makes nothing of a part that is not as large as it should be, or not what its checksum says', async () => {
    const file = randomBytes(SIZE);
    const upload = await sent('wrong/clip.mp4', file);
    expect(await put(upload, 1, file, sha256(Buffer.from('something else')))).toBe(400);
    const short = await put(upload, 2, file.subarray(0, SIZE - 1));
    if (short === 200)
      expect(await refusal('POST', `/v1/part-uploads/${upload.upload}/complete`)).toEqual([
        409,
        `Part 2 of 2 of wrong/clip.mp4 has ${SIZE - 1 - 8 * 2 ** 20} bytes rather than ${SIZE - 8 * 2 ** 20}: send it again`,
      ]);
    else expect(short).toBe(400);
    expect(await put(upload, 2, file)).toBe(200);
    await complete(upload.upload);
    expect((await read('wrong/clip.mp4')).equals(file)).toBe(true);
  });

  it('is refused where the name is taken, before and after the parts are sent', async () => {
    const file = randomBytes(SIZE);
    const { upload } = await sent('taken/clip.mp4', file);
    await store().putOnce('input', 'taken/clip.mp4', 'first');
    const said = 'There is a taken/clip.mp4 in input already: use another name';
    expect(await refusal('POST', `/v1/part-uploads/${upload}/complete`)).toEqual([412, said]);
    const again = { bucket: 'input', key: 'taken/clip.mp4', bytes: SIZE, content: contentIn(file) };
    expect(await refusal('POST', '/v1/part-uploads', again)).toEqual([412, said]);
    expect((await read('taken/clip.mp4')).toString()).toBe('first');
  });

  it('is not begun for an empty file, one that no store takes, or a name that can not be', async () => {
    const asked = (change: object) =>
      refusal('POST', '/v1/part-uploads', {
        bucket: 'input',
        key: 'names/clip.mp4',
        bytes: SIZE,
        content: 'a'.repeat(64),
        ...change,
      });
    expect(await asked({ bytes: 0 })).toEqual([400, 'names/clip.mp4 is empty: there is nothing to send']);
    expect(await asked({ bytes: 6 * 2 ** 40 })).toEqual([400, expect.stringContaining('bytes')]);
    expect(await asked({ bytes: -1 })).toEqual([400, expect.stringContaining('bytes')]);
    expect(await asked({ content: 'A' })).toEqual([400, 'content: is no SHA-256 in lower-case hex']);
    expect(await asked({ bucket: 'jobs' })).toEqual([400, expect.stringContaining('bucket')]);
    for (const key of ['../a.mp4', 'names/../../a.mp4', 'names//a.mp4', 'names/zero\0.mp4'])
      expect(await asked({ key })).toEqual([400, expect.stringContaining("can't be a name here")]);
    expect(await asked({ key: `names/${'x'.repeat(300)}.mp4` })).toEqual([400, expect.stringContaining('too long')]);
    expect(await asked({ key: 'names/.hidden.mp4' })).toEqual([400, expect.stringContaining('hidden')]);
    for (const key of ['clip.mp4', 'names/clip.exe'])
      expect(await asked({ key })).toEqual([400, expect.stringContaining('not named like a clip')]);
    expect(await Array.fromAsync(store().list('input', 'names/'))).toEqual([]);
  });

  it('takes a name in any script, whichever way it runs', async () => {
    const file = randomBytes(SIZE);
    const key = 'חופשה/סרט ‮4pm.mp4';
    const { upload } = await sent(key, file);
    expect((await complete(upload)).body.key).toBe(key);
    expect((await read(key)).equals(file)).toBe(true);
  });

  it('knows no upload but those that are under way', async () => {
    const file = randomBytes(SIZE);
    const { body } = await begin('known/clip.mp4', file);
    for (const id of ['nobody', '0'.repeat(32), '..%2F..%2Fjobs', `${body.upload}0`]) {
      for (const [method, path, sentBody] of [
        ['GET', '', undefined],
        ['POST', '/urls', { parts: [1] }],
        ['POST', '/complete', undefined],
      ] as const)
        expect(await refusal(method, `/v1/part-uploads/${id}${path}`, sentBody), `${method} ${id}`).toEqual([
          404,
          `There is no upload ${decodeURIComponent(id)} under way: it was completed or given up, or is too old`,
        ]);
    }
    const urls = `/v1/part-uploads/${body.upload}/urls`;
    expect(await refusal('POST', urls, { parts: [3] })).toEqual([400, 'known/clip.mp4 has 2 parts, no part 3']);
    for (const parts of [[0], [10_001], [], [1.5], Array.from({ length: 101 }, () => 1)])
      expect((await refusal('POST', urls, { parts }))[0]).toBe(400);
  });

  it('can be given up, as often as one likes, and then begins anew', async () => {
    const file = randomBytes(SIZE);
    const { upload } = await sent('given up/clip.mp4', file);
    for (let i = 0; i < 2; i += 1) expect((await call('DELETE', `/v1/part-uploads/${upload}`)).status).toBe(204);
    expect((await refusal('POST', `/v1/part-uploads/${upload}/complete`))[0]).toBe(404);
    expect(await begin('given up/clip.mp4', file)).toMatchObject({ status: 201, body: { parts: [] } });
  });

  it('begins anew when the store has forgotten its parts, or the clip was taken away after it was sent', async () => {
    const file = randomBytes(SIZE);
    const { upload } = await sent('anew/clip.mp4', file);
    await complete(upload);
    await store().delete('input', 'anew/clip.mp4');
    expect((await refusal('POST', `/v1/part-uploads/${upload}/complete`))[0]).toBe(404);
    expect(await begin('anew/clip.mp4', file)).toMatchObject({ status: 201, body: { upload, parts: [] } });
  });

  it('is forgotten after a day on which nothing of it arrived, and not before', async () => {
    const file = randomBytes(SIZE);
    const { body } = await begin('old/clip.mp4', file);
    await put(body, 1, file);
    await clearUploads(store(), new Date(Date.now() + DAY_MS - 60_000));
    expect((await begin('old/clip.mp4', file)).body.parts).toHaveLength(1);
    await clearUploads(store(), new Date(Date.now() + DAY_MS + 60_000));
    expect(await store().stat('cache', cacheKeys.upload(body.upload))).toBeNull();
    expect((await refusal('GET', `/v1/part-uploads/${body.upload}`))[0]).toBe(404);
    expect(await begin('old/clip.mp4', file)).toMatchObject({ status: 201, body: { parts: [] } });
  });

  it('is not needed for what a set or the songs have, whatever it is called there', async () => {
    const file = randomBytes(SIZE);
    expect(await find(file, 'known set')).toBeNull();
    await store().putOnce('input', 'known set/day 1/called otherwise.mov', file);
    await store().putOnce('input', 'known set/as large.mp4', randomBytes(SIZE));
    expect(await find(file, 'known set')).toBe('known set/day 1/called otherwise.mov');
    expect(await find(file, 'known')).toBeNull();
    expect(await find(file)).toBeNull();
    await store().putOnce('music', 'analyze-0a1b2c3d/1/song.mp3', file);
    expect(await find(file)).toBeNull();
    const song = await sent('song.mp3', file, 'music');
    await complete(song.upload);
    expect(await find(file)).toBe('song.mp3');
    const short = randomBytes(10);
    await store().putOnce('input', 'known set/short.mp4', short);
    expect(await find(short, 'known set')).toBe('known set/short.mp4');
  });
});
