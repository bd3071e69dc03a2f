import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../shared/media/probe.ts';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';
import { axeViolations, browserMissing, drop, type Visit } from './browser.ts';
import { PageStand } from './page-stand.ts';

let stand: PageStand;
let holiday: string;
let song: string;

const LONG_MS = 90_000;
const small = { width: 160, height: 90, audio: null } as const;

describe.skipIf(browserMissing)(`the page in a browser${browserMissing ? ` (skipped: ${browserMissing})` : ''}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start();
    holiday = join(stand.folder, 'Holiday');
    await mkdir(join(holiday, 'day 2'), { recursive: true });
    await makeClip(holiday, { ...small, name: 'beach.mp4', scenes: [1, 2].map((seed) => ({ frames: 60, seed })) });
    await makeClip(join(holiday, 'day 2'), { ...small, name: 'garden.webm', seed: 3, seconds: 4 });
    await writeFile(join(holiday, 'notes.mp4'), 'This is a text.\n'.repeat(1000));
    await writeFile(join(holiday, 'list.txt'), 'beach');
    song = (await makeSong(stand.folder, { name: 'Sunrise Drive', tempo: 120, bars: 4, format: 'mp3' })).path;
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  const clip = ({ page }: Visit, name: string) =>
    page.getByRole('region', { name: 'Clips' }).getByRole('listitem').filter({ hasText: name });

  /** Drops things and waits until they are in the store and looked at. */
  async function gather(visited: Visit, paths: readonly string[], clips: readonly string[]): Promise<void> {
    await drop(visited, paths);
    for (const name of clips)
      await clip(visited, name)
        .getByText(/shot|Can’t be used/)
        .waitFor({ timeout: LONG_MS });
  }

  /** A set of one clip, and the song, ready to be cut. */
  async function ready(visited: Visit, set: string, file = join(holiday, 'beach.mp4')): Promise<void> {
    await mkdir(join(stand.folder, set), { recursive: true });
    await copyFile(file, join(stand.folder, set, basename(file)));
    await gather(visited, [join(stand.folder, set), song], [basename(file)]);
    await visited.page.getByLabel('Quality').selectOption('preview');
  }

  async function create({ page }: Visit): Promise<string> {
    await page.getByRole('button', { name: 'Create montage' }).click();
    await page.waitForURL(/\/jobs\/./);
    return new URL(page.url()).pathname.split('/')[2] as string;
  }

  it('goes the whole way: drop, choose, watch it being made, play, take it along', async () => {
    await using visited = await stand.visit();
    const { page, complaints } = visited;
    await page.getByText('Drop clips and a song').waitFor();
    await page.getByRole('radio', { name: 'Wes Anderson' }).waitFor();
    expect(await page.getByRole('radio').count()).toBe(18);
    expect(await axeViolations(page)).toEqual([]);
    const button = page.getByRole('button', { name: 'Create montage' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await page.getByText('Add clips and a song first.').waitFor();

    await drop(visited, [holiday, song]);
    await page.getByText('list.txt is neither a clip nor a song.').waitFor();
    expect(await page.getByLabel('Name of the set').inputValue()).toBe('Holiday');
    await page.getByLabel('Name of the set').fill('Brittany');
    await page.keyboard.press('Enter');
    await clip(visited, 'beach.mp4').getByText('0:05 · 2 shots').waitFor({ timeout: LONG_MS });
    await clip(visited, 'garden.webm').getByText('1 shot').waitFor({ timeout: LONG_MS });
    await clip(visited, 'notes.mp4').getByText('Can’t be used').waitFor({ timeout: LONG_MS });
    await page.getByText('120 beats a minute').waitFor({ timeout: LONG_MS });
    expect(await clip(visited, 'beach.mp4').locator('img').count()).toBe(1);
    expect((await stand.client.call('listSets', { query: {} })).body.sets.map(({ name }) => name)).toEqual([
      'Brittany',
    ]);
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole('radio', { name: 'MTV' }).check();
    await page.getByLabel('Quality').selectOption('preview');
    const job = await create(visited);
    await page.getByText(/of \d+ pieces? rendered/).waitFor({ timeout: LONG_MS });
    expect(await axeViolations(page)).toEqual([]);
    await page.getByText('1 clip was left out').waitFor();
    // It plays long before it can be taken along.
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await page.getByRole('link', { name: 'Video (mp4)' }).waitFor({ timeout: LONG_MS });
    const status = await stand.client.job(job);
    expect([status.style, status.state, status.music?.file]).toEqual(['mtv', 'done', 'Sunrise Drive.mp3']);

    await page.reload();
    const cuts = page.getByRole('button', { name: /^Cut \d+ of \d+/ });
    await cuts.first().waitFor();
    const time = () => page.locator('.player video').evaluate((video) => (video as HTMLVideoElement).currentTime);
    await page.waitForFunction(() => (document.querySelector<HTMLVideoElement>('.player video')?.readyState ?? 0) > 2);
    await page.keyboard.press(' ');
    await expect.poll(time, { timeout: 10_000 }).toBeGreaterThan(0.3);
    await page.keyboard.press('k');
    await cuts.nth(1).click();
    expect(await cuts.nth(1).getAttribute('aria-current')).toBe('true');
    const before = await time();
    await page.keyboard.press('ArrowRight');
    expect((await time()) - before).toBeGreaterThan(0.01);
    expect((await time()) - before).toBeLessThan(0.06);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('One frame back').waitFor();
    await page.keyboard.press('Escape');
    expect(await axeViolations(page)).toEqual([]);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Video (mp4)' }).click(),
    ]);
    const file = join(stand.folder, 'taken.mp4');
    await download.saveAs(file);
    expect(download.suggestedFilename()).toBe('Brittany montage.mp4');
    expect(await probe(file, { file })).toMatchObject({ video: { width: 640, height: 360 }, audio: {} });
    expect(complaints).toEqual([]);
  });

  it('stops at once when it is cancelled', async () => {
    await using visited = await stand.visit();
    await ready(visited, 'Stopped');
    await visited.page.getByLabel('Quality').selectOption('master');
    const job = await create(visited);
    await visited.page.getByRole('button', { name: 'Cancel' }).click();
    await visited.page.getByText('Cancelled. Your clips and the song are still here.').waitFor({ timeout: 5000 });
    expect((await stand.client.job(job)).state).toBe('cancelled');
  });

  it('says in one sentence why it failed, and tries again', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    await ready(visited, 'Words');
    // More than there is of clips and song.
    await page.getByRole('textbox', { name: 'Length' }).fill('50:00');
    const job = await create(visited);
    await page.getByText('Failed', { exact: true }).waitFor({ timeout: LONG_MS });
    const reason = (await stand.client.job(job)).failure?.reason ?? '';
    expect(reason).toMatch(/Sunrise Drive.mp3 lasts \d+ s: ask for less/);
    expect(await page.getByRole('alert').textContent()).toBe(reason);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByLabel('Language').selectOption('de');
    const german = page
      .getByRole('alert')
      .getByText(/^Gewünscht ist eine Montage von 3000 s, aber Sunrise Drive.mp3 dauert \d+ s: Wünsch dir/);
    await german.waitFor();
    expect(await german.getAttribute('lang')).toBeNull();
    await page.getByLabel('Sprache').selectOption('en');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Failed', { exact: true }).waitFor({ timeout: LONG_MS });
  });

  it('begins none of clips that can’t be used, and says why they can’t', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    await ready(visited, 'Notes', join(holiday, 'notes.mp4'));
    await page.getByText('None of these clips can be used: add another one.').waitFor({ timeout: LONG_MS });
    const button = page.getByRole('button', { name: 'Create montage' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    const why = page.getByRole('region', { name: 'Stage' }).getByText(/^Can’t be used: ./);
    await why.waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it('sends a file again whose connection broke, and says so', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    let broken = 0;
    await page.route('**/store/input/**', (route) => {
      if (route.request().method() !== 'PUT' || broken >= 2) return route.continue();
      broken += 1;
      return route.abort('connectionreset');
    });
    await drop(visited, [join(holiday, 'beach.mp4')]);
    await page.getByText('The connection broke. Trying again.').waitFor();
    await clip(visited, 'beach.mp4').getByText('2 shots').waitFor({ timeout: LONG_MS });
    expect(broken).toBe(2);
  });

  it('knows a file that is there, and gives another of its name a number', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    await ready(visited, 'Names');
    await gather(visited, [join(holiday, 'beach.mp4')], ['beach.mp4']);
    const other = join(stand.folder, 'other');
    await mkdir(other, { recursive: true });
    await makeClip(other, { ...small, name: 'beach.mp4', seed: 9, seconds: 3 });
    await gather(visited, [join(other, 'beach.mp4')], ['beach (2).mp4']);
    const { clips } = (await stand.client.call('listClips', { parameters: { set: 'Names' }, query: {} })).body;
    expect(clips.map(({ file }) => file).sort()).toEqual(['beach (2).mp4', 'beach.mp4']);
    expect(await page.getByRole('region', { name: 'Clips' }).getByRole('listitem').count()).toBe(2);
  });

  it('sends at once into a set that a person has named, and leaves time to name one that it has named itself', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    // No time passes for the page: what waits for some is never sent.
    await page.clock.setFixedTime(new Date());
    await page.getByLabel('Name of the set').fill('Named before');
    await page.keyboard.press('Enter');
    await gather(visited, [join(holiday, 'beach.mp4')], ['beach.mp4']);
    expect(await stand.store.stat('input', 'Named before/beach.mp4')).not.toBeNull();

    await page.getByLabel('Set of clips').selectOption('');
    await drop(visited, [join(holiday, 'beach.mp4')]);
    await clip(visited, 'beach.mp4').getByText('Waiting').waitFor();
    await page.getByLabel('Name of the set').fill('Named after');
    await page.keyboard.press('Enter');
    await clip(visited, 'beach.mp4').getByText('2 shots').waitFor({ timeout: LONG_MS });
    expect(await stand.store.stat('input', 'Named after/beach.mp4')).not.toBeNull();
  });

  it('gives a name of its own up to what somebody writes who was in the field when it came', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    const field = page.getByLabel('Name of the set');
    await field.focus();
    await drop(visited, [join(holiday, 'beach.mp4')]);
    await clip(visited, 'beach.mp4').getByText('Waiting').waitFor();
    expect(await field.inputValue()).toMatch(/^My clips/);
    await page.keyboard.type('Meant');
    await page.keyboard.press('Enter');
    await clip(visited, 'beach.mp4').getByText('2 shots').waitFor({ timeout: LONG_MS });
    expect(await stand.store.stat('input', 'Meant/beach.mp4')).not.toBeNull();
  });

  it('deletes a montage after five seconds in which it can be taken back', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    await ready(visited, 'Gone');
    const job = await create(visited);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.').waitFor();
    const open = async () => {
      await page.getByRole('button', { name: 'History' }).click();
      return page.getByRole('dialog', { name: 'History' });
    };
    const panel = await open();
    await panel.getByRole('link', { name: /Gone/ }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Delete: Gone, Dynamic' }).click();
    expect(await panel.getByRole('link', { name: /Gone/ }).count()).toBe(0);
    // Nobody is left at the start of the page by what goes.
    expect(await panel.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.getByRole('button', { name: 'Undo' }).click();
    await panel.getByRole('link', { name: /Gone/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Delete: Gone, Dynamic');
    await panel.getByRole('button', { name: 'Delete: Gone, Dynamic' }).click();
    await expect
      .poll(async () => (await stand.client.jobs()).map(({ id }) => id), { timeout: 10_000 })
      .not.toContain(job);
    await page.waitForURL(`${stand.runtime.url}/`);
  });

  it('speaks German on a phone, where everything is in reach of a thumb', async () => {
    await using visited = await stand.visit('/', {
      locale: 'de-DE',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    const { page, complaints } = visited;
    await page.getByText('Clips und einen Song hier ablegen').waitFor();
    await page.getByRole('radio', { name: 'Hochzeit' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const tooSmall = () =>
      page
        .locator('button:visible, select:visible, a.plain:visible')
        .evaluateAll((all) =>
          all.filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML),
        );
    expect([await wide(), await tooSmall(), await axeViolations(page)]).toEqual([0, [], []]);
    const done = (await stand.client.jobs()).find(({ state }) => state === 'done');
    await page.goto(`${stand.runtime.url}/jobs/${done?.id}`);
    await page.getByRole('button', { name: /^Schnitt 1 von/ }).waitFor();
    expect(await wide()).toBe(0);
    expect((await tooSmall()).filter((html) => !html.includes('class="cut'))).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByLabel('Sprache').selectOption('en');
    await page.getByRole('link', { name: 'Report (json)' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Report (json)' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('wears the theme that is chosen, and keeps it', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByLabel('Appearance').selectOption('dark');
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await expect.poll(ground).toBe(dark);
    await page.getByLabel('Appearance').selectOption('system');
    expect(await ground()).toBe(light);
  });

  it('says that there is no such montage', async () => {
    await using visited = await stand.visit('/jobs/nobody-0123456789');
    await visited.page.getByText('There is no montage nobody-0123456789 here.').waitFor();
    await visited.page.getByRole('button', { name: 'New montage' }).click();
    await visited.page.getByText('Drop clips and a song').waitFor();
  });

  it('says when the server is away, and goes on when it is back', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    await ready(visited, 'Away');
    await page.route('**/v1/**', (route) => route.abort('connectionrefused'));
    await page.getByRole('button', { name: 'Create montage' }).click();
    await page.getByText('Asking for it').waitFor();
    await page.unroute('**/v1/**');
    await page.waitForURL(/\/jobs\/./);
    await page.getByRole('button', { name: 'Cancel' }).click();
  });
});
