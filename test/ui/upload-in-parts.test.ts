import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, open, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from '../../functions/ui/build.ts';
import { type Runtime, startRuntime } from '../../knative/local/runtime.ts';
import { readConfig } from '../../shared/config.ts';
import { openStore } from '../../storage/open-store.ts';
import type { Store } from '../../storage/store.ts';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';
import { freePort, type MinioServer, minioMissing, startMinio } from '../storage/minio-server.ts';
import { axeViolations, browserMissing, drop, startBrowser, visit } from './browser.ts';

const MEBIBYTE = 2 ** 20;
const LONG_MS = 90_000;
/** Four parts and a bit. */
const BIG = 33 * MEBIBYTE;
/** Bytes a second on which no part arrives while a test looks. */
const CRAWL = 20_000;

let folder: string;
let browser: Browser;

/** A clip as large as is wanted: what fills it up is a box that players skip. */
async function bigClip(name: string, bytes = BIG): Promise<string> {
  const into = await mkdtemp(join(folder, 'clips-'));
  const { path } = await makeClip(into, { name, width: 160, height: 90, audio: null, seconds: 3, seed: name.length });
  const box = Buffer.alloc(8);
  box.writeUInt32BE(bytes);
  box.write('free', 4);
  await appendFile(path, Buffer.concat([box, randomBytes(bytes - box.length)]));
  return path;
}

/** Names the set before anything is dropped: a page that has to find a name itself waits for another for three seconds only. */
async function name(page: Page, set: string): Promise<void> {
  await page.getByLabel('Name of the set').fill(set);
  await page.keyboard.press('Enter');
}

describe.skipIf(browserMissing)(
  `large files on the page${browserMissing ? ` (skipped: ${browserMissing})` : ''}`,
  () => {
    beforeAll(async () => {
      await buildPage();
      folder = await mkdtemp(join(tmpdir(), 'montage-parts-'));
      browser = await startBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    describe('over a folder', () => {
      let runtime: Runtime;
      let store: Store;
      beforeAll(async () => {
        const config = readConfig({ MONTAGE_DATA: join(folder, 'data') });
        store = openStore(config);
        await store.prepare();
        runtime = await startRuntime({ store, config, port: 0, onLog: () => {} });
      });
      afterAll(() => runtime?.stop());
      claims(
        () => runtime.url,
        () => store,
      );
    });

    describe('over plain HTTP from another machine, where browsers keep their own digests from a page', () => {
      const NAME = 'montage.test';
      let runtime: Runtime;
      let elsewhere: Browser;
      beforeAll(async () => {
        elsewhere = await startBrowser([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
      });
      afterAll(async () => {
        await elsewhere?.close();
        await runtime?.stop();
      });

      it('arrive all the same, and become a montage', async () => {
        const port = await freePort();
        const url = `http://${NAME}:${port}`;
        const config = readConfig({ MONTAGE_DATA: join(folder, 'elsewhere'), MONTAGE_PUBLIC_URL: url });
        const store = openStore(config);
        await store.prepare();
        runtime = await startRuntime({ store, config, port, onLog: () => {} });
        const path = await bigClip('beach.mp4');
        const song = await makeSong(folder, { name: 'Waves', tempo: 120, bars: 1, format: 'mp3' });
        await using visited = await visit(elsewhere, url);
        const { page, complaints } = visited;
        expect(await page.evaluate(() => isSecureContext)).toBe(false);
        await name(page, 'Elsewhere');
        await drop(visited, [path, song.path]);
        await page.getByText('1 shot').first().waitFor({ timeout: LONG_MS });
        expect((await store.read('input', 'Elsewhere/beach.mp4')).equals(await readFile(path))).toBe(true);
        await page.getByRole('button', { name: 'Create montage' }).click();
        await page.waitForURL(/\/jobs\/.+/);
        expect(complaints).toEqual([]);
      });
    });

    describe.skipIf(minioMissing)(`over MinIO${minioMissing ? ` (skipped: ${minioMissing})` : ''}`, () => {
      let minio: MinioServer;
      let runtime: Runtime;
      let store: Store;
      beforeAll(async () => {
        minio = await startMinio();
        const config = readConfig({
          MONTAGE_STORE: minio.url,
          MONTAGE_STORE_ACCESS_KEY: minio.accessKey,
          MONTAGE_STORE_SECRET_KEY: minio.secretKey,
        });
        store = openStore(config);
        await store.prepare();
        runtime = await startRuntime({ store, config, port: 0, onLog: () => {} });
      }, 900_000);
      afterAll(async () => {
        await runtime?.stop();
        await minio?.stop();
      });
      claims(
        () => runtime.url,
        () => store,
      );
    });
  },
);

function claims(url: () => string, store: () => Store): void {
  const tile = (page: Page, name: string) =>
    page.getByRole('region', { name: 'Clips' }).getByRole('listitem').filter({ hasText: name });

  /** Numbers of the parts that a page has sent, each time that one arrived. */
  function partsSent(page: Page): number[] {
    const sent: number[] = [];
    page.on('response', (response) => {
      const { searchParams } = new URL(response.url());
      const number = searchParams.get('partNumber') ?? searchParams.get('number');
      if (number && response.request().method() === 'PUT' && response.status() === 200) sent.push(Number(number));
    });
    return sent;
  }

  const sessions = new WeakMap<Page, Promise<CDPSession>>();
  /** A line that carries so many bytes a second up, or none. */
  async function line(page: Page, uploadThroughput: number | 'none'): Promise<void> {
    const opening = sessions.get(page) ?? page.context().newCDPSession(page);
    sessions.set(page, opening);
    const session = await opening;
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: uploadThroughput === 'none',
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: uploadThroughput === 'none' ? -1 : uploadThroughput,
    });
  }

  /** How often the same part arrived at most. Of one that arrived just as it was stopped, the page doesn't hear. */
  const mostOf = (sent: readonly number[]) =>
    Math.max(...sent.map((number) => sent.filter((each) => each === number).length));

  /** How many uploads the browser keeps for the next page. */
  const uploadsKept = (page: Page) =>
    page.evaluate(async () => {
      if (!(await indexedDB.databases()).some(({ name }) => name === 'montage')) return 0;
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await done(indexedDB.open('montage'));
      const count = await done(database.transaction('uploads').objectStore('uploads').count());
      database.close();
      return count;
    });

  const percent = async (page: Page, name: string) =>
    Number(/(\d+) %/.exec((await tile(page, name).textContent()) ?? '')?.[1] ?? 0);
  const isStored = async (key: string, path: string) => (await store().read('input', key)).equals(await readFile(path));

  it('arrive byte for byte though the network goes away in the middle and the tab is closed', async () => {
    // More than twice as many parts as go at once: those that are on the line arrive when it is cut.
    const path = await bigClip('beach.mp4', 11 * 8 * MEBIBYTE);
    await using visited = await visit(browser, url());
    const { page, context, complaints } = visited;
    const sent = partsSent(page);
    await line(page, 12 * MEBIBYTE);
    await name(page, 'Broken line');
    await drop(visited, [path]);
    await expect.poll(() => percent(page, 'beach.mp4'), { timeout: LONG_MS }).toBeGreaterThan(20);
    await line(page, 'none');
    await page.getByText('The connection broke. Trying again.').waitFor();
    await line(page, CRAWL);
    await tile(page, 'beach.mp4')
      .getByText(/Sending, \d+ %/)
      .waitFor();
    expect(await percent(page, 'beach.mp4')).toBeGreaterThan(20);
    await page.close();
    expect(await store().stat('input', 'Broken line/beach.mp4')).toBeNull();

    const again = await context.newPage();
    again.setDefaultTimeout(60_000);
    const sentAgain = partsSent(again);
    await again.goto(url());
    await tile(again, 'beach.mp4')
      .getByText(/Drop beach.mp4 again to go on from \d+ %/)
      .waitFor();
    expect(await percent(again, 'beach.mp4')).toBeGreaterThan(20);
    expect(await axeViolations(again)).toEqual([]);
    await drop({ ...visited, page: again }, [path]);
    await again.getByText('Goes on with 1 file.').waitFor();
    await tile(again, 'beach.mp4').getByText('1 shot').waitFor({ timeout: LONG_MS });
    expect(mostOf([...sent, ...sentAgain])).toBe(1);
    expect(await isStored('Broken line/beach.mp4', path)).toBe(true);
    await again.reload();
    await again.getByText('Drop clips and a song').waitFor();
    expect(complaints).toEqual([]);
  });

  it('are paused and go on, one and all', async () => {
    const [one, two] = [await bigClip('one.mp4'), await bigClip('two.mp4')];
    await using visited = await visit(browser, url());
    const { page } = visited;
    const sent = partsSent(page);
    await line(page, MEBIBYTE);
    await name(page, 'Paused');
    await drop(visited, [one, two]);
    await expect.poll(() => percent(page, 'one.mp4'), { timeout: LONG_MS }).toBeGreaterThan(0);
    await line(page, CRAWL);
    await page.getByRole('button', { name: 'Pause all' }).click();
    await tile(page, 'one.mp4')
      .getByText(/Paused at \d+ %/)
      .waitFor();
    await tile(page, 'two.mp4')
      .getByText(/Paused/)
      .waitFor();
    const before = sent.length;
    await page.waitForTimeout(1500);
    expect(sent.length).toBe(before);
    expect(await axeViolations(page)).toEqual([]);
    await line(page, -1);
    await page.getByRole('button', { name: 'Go on sending: two.mp4' }).click();
    await tile(page, 'two.mp4').getByText('1 shot').waitFor({ timeout: LONG_MS });
    expect(
      await tile(page, 'one.mp4')
        .getByText(/Paused at \d+ %/)
        .count(),
    ).toBe(1);
    await page.getByRole('button', { name: 'Go on sending: one.mp4' }).click();
    await tile(page, 'one.mp4').getByText('1 shot').waitFor({ timeout: LONG_MS });
    expect(mostOf(sent)).toBeLessThanOrEqual(2);
    for (const [name, path] of [
      ['one.mp4', one],
      ['two.mp4', two],
    ] as const)
      expect(await isStored(`Paused/${name}`, path)).toBe(true);
  });

  it('are refused by name when they change while they are sent', async () => {
    const path = await bigClip('edited.mp4');
    await using visited = await visit(browser, url());
    const { page } = visited;
    await line(page, 6 * MEBIBYTE);
    await name(page, 'Edited');
    await drop(visited, [path]);
    await expect.poll(() => percent(page, 'edited.mp4'), { timeout: LONG_MS }).toBeGreaterThan(0);
    const file = await open(path, 'r+');
    await file.write(randomBytes(1000), 0, 1000, BIG - 5000);
    await file.close();
    await utimes(path, new Date(), new Date(Date.now() + 5000));
    await page.getByText('edited.mp4 changed or went away while it was sent; drop it again.').waitFor();
    expect(await store().stat('input', 'Edited/edited.mp4')).toBeNull();
    await line(page, -1);
    await drop(visited, [path]);
    await tile(page, 'edited.mp4').getByText('1 shot').waitFor({ timeout: LONG_MS });
    expect(await isStored('Edited/edited.mp4', path)).toBe(true);
    expect(await page.getByRole('region', { name: 'Clips' }).getByRole('listitem').count()).toBe(1);
  });

  it('are not sent when their content is there, whatever it is called, and are when only the name is', async () => {
    const path = await bigClip('known.mp4');
    await store().putFileOnce('input', 'Known/other name.mp4', path);
    const other = await bigClip('other name.mp4');
    await using visited = await visit(browser, url());
    const { page } = visited;
    const sent = partsSent(page);
    await page.getByLabel('Set of clips').selectOption('Known');
    const asked = page.waitForResponse(/\/v1\/contents\//);
    await drop(visited, [path]);
    await asked;
    await tile(page, 'other name.mp4').getByText('1 shot').waitFor({ timeout: LONG_MS });
    await expect.poll(() => tile(page, 'known.mp4').count()).toBe(0);
    expect(sent).toEqual([]);
    await drop(visited, [other]);
    await tile(page, 'other name (2).mp4').getByText('1 shot').waitFor({ timeout: LONG_MS });
    expect(sent.toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(await isStored('Known/other name (2).mp4', other)).toBe(true);
  });

  it('go on in a new tab when a person lets it read them again', async () => {
    const path = await bigClip('kept.mp4');
    await using visited = await visit(browser, url());
    const { page, context } = visited;
    await line(page, CRAWL);
    await name(page, 'Kept');
    await drop(visited, [path]);
    await tile(page, 'kept.mp4')
      .getByText(/Sending/)
      .waitFor();
    // A page that is closed in the moment before has told nobody.
    await expect.poll(() => uploadsKept(page)).toBe(1);
    await page.close();
    // A browser without a head asks nobody; what a page has put away itself, it may always read.
    await context.addInitScript(() => {
      Object.assign(FileSystemHandle.prototype, {
        queryPermission: async () => 'prompt',
        requestPermission: async () => 'granted',
      });
    });
    const again = await context.newPage();
    again.setDefaultTimeout(60_000);
    await again.goto(url());
    await tile(again, 'kept.mp4')
      .getByText(/Drop kept.mp4 again/)
      .waitFor();
    await again.evaluate(
      async ({ name, bytes }) => {
        const root = await navigator.storage.getDirectory();
        const file = await root.getFileHandle(name, { create: true });
        const writing = await file.createWritable();
        await writing.write(Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)));
        await writing.close();
        const asked = <T>(request: IDBRequest<T>) =>
          new Promise<T>((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
        const database = await asked(indexedDB.open('montage'));
        const uploads = () => database.transaction('uploads', 'readwrite').objectStore('uploads');
        const [key] = await asked(uploads().getAllKeys());
        const kept = await asked(uploads().get(key as IDBValidKey));
        await asked(uploads().put({ ...kept, origin: { root, path: [name] } }, key));
      },
      { name: 'kept.mp4', bytes: (await readFile(path)).toString('base64') },
    );
    await again.reload();
    await again.getByRole('button', { name: 'Let the files be read again' }).click();
    await tile(again, 'kept.mp4').getByText('1 shot').waitFor({ timeout: LONG_MS });
    expect(await isStored('Kept/kept.mp4', path)).toBe(true);
    expect(await again.getByRole('button', { name: 'Let the files be read again' }).count()).toBe(0);
  });
}
