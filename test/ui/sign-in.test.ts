import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf } from '../../functions/jobs/sign-in/user.ts';
import { type Person, SETTINGS, TOKENS } from '../functions/jobs/people.ts';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';
import { axeViolations, browserMissing, drop, type Visit } from './browser.ts';
import { PageStand } from './page-stand.ts';

const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';
const ANN = ownerOf('token', 'ann');
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true } satisfies BrowserContextOptions;
const SOON = { timeout: 30_000, interval: 100 };
let stand: PageStand;
let summer: string;
let song: string;
let snow: string;

describe.skipIf(browserMissing)(`signing in on the page${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start({ works: false, settings: SETTINGS });
    summer = join(stand.folder, 'Summer');
    await mkdir(summer);
    await makeClip(summer, { name: 'beach.mp4', width: 160, height: 90, seconds: 2, seed: 1, audio: null });
    const clip = { width: 160, height: 90, seconds: 1, seed: 5, audio: null };
    snow = (await makeClip(stand.folder, { name: 'snow.mp4', ...clip })).path;
    song = (await makeSong(stand.folder, { name: 'Sunrise Drive', tempo: 120, bars: 2, format: 'mp3' })).path;
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  const door = (page: Page) => page.getByRole('heading', { name: 'Sign in' });
  const stage = (page: Page) => page.locator('#stage');

  async function enter(page: Page, person: Person): Promise<void> {
    await page.getByLabel('Token', { exact: true }).fill(TOKENS[person]);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Account: ${person}` }).waitFor();
  }

  async function visitAs(person: Person, path = '/', options?: BrowserContextOptions): Promise<Visit> {
    const visited = await stand.visit(path, options);
    await enter(visited.page, person);
    return visited;
  }

  /** What the server has, as a person sees it. */
  const asked = async (person: Person, path: string) =>
    (await fetch(`${stand.runtime.url}${path}`, { headers: { Authorization: `Bearer ${TOKENS[person]}` } })).json();

  const sets = async (person: Person) =>
    ((await asked(person, '/v1/sets')) as { sets: { name: string }[] }).sets.map(({ name }) => name);

  /** A montage of Ann's, asked for by its page. */
  async function made({ page }: Visit): Promise<string> {
    await page.getByRole('button', { name: 'Create montage' }).click();
    await page.waitForURL(/\/jobs\/./);
    return new URL(page.url()).pathname.split('/')[2] as string;
  }

  /** What is being sent stays under way, and is kept for the next visit. */
  const sendForEver = (page: Page) =>
    page.route('**/store/**', (route) => (route.request().method() === 'PUT' ? undefined : route.continue()));

  const shown = (page: Page) => page.evaluate(() => `${document.title}\n${document.body.textContent}`);

  it('is all that there is for who has not, on every address', async () => {
    await stand.bringClip(`${ANN}~Secret`, { name: 'a.mp4', width: 160, height: 90, seconds: 1, seed: 2 });
    for (const path of ['/', '/jobs/some-job', '/ops']) {
      const answered: string[] = [];
      const turnedAway: string[] = [];
      await using visited = await stand.visit('/health');
      const { page } = visited;
      page.on('response', (response) => response.status() === 401 && turnedAway.push(response.url()));
      page.on('response', (response) => {
        const { pathname } = new URL(response.url());
        if (pathname.startsWith('/v1/') && response.ok()) answered.push(pathname);
      });
      await page.goto(`${stand.runtime.url}${path}`);
      await door(page).waitFor();
      await page.waitForLoadState('networkidle');
      expect([...new Set(answered)]).toEqual(['/v1/me']);
      expect(await page.getByRole('region').count()).toBe(0);
      expect(await page.getByRole('radio').count()).toBe(0);
      expect(await page.getByRole('button', { name: 'History' }).count()).toBe(0);
      expect(await page.getByLabel('Set of clips').count()).toBe(0);
      await page.keyboard.press('?');
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(await axeViolations(page)).toEqual([]);
      // A browser that has been at the door asks for nothing that it would be turned away from.
      turnedAway.length = 0;
      await page.reload();
      await door(page).waitFor();
      await page.waitForLoadState('networkidle');
      expect(turnedAway).toEqual([]);
    }
  });

  it('says what is wrong with a token, in the language of the page, and fits a phone', async () => {
    await using visited = await stand.visit('/', { ...PHONE, locale: 'de-DE' });
    const { page, complaints } = visited;
    const field = page.getByLabel('Token', { exact: true });
    expect(await field.evaluate((each) => each === document.activeElement)).toBe(true);
    await field.fill('nonsense');
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByRole('alert').getByText('Dieser Token lässt niemanden herein').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await field.fill(TOKENS.ann);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Konto: ann' }).waitFor();
    expect(await page.locator('#stage').evaluate((each) => each === document.activeElement)).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('is by a cookie that no script reads and no other site sends', async () => {
    await using visited = await visitAs('ann');
    const cookies = await visited.context.cookies();
    expect(cookies).toMatchObject([{ name: 'montage-session', httpOnly: true, sameSite: 'Strict', path: '/' }]);
    expect(await visited.page.evaluate(() => document.cookie)).toBe('');
  });

  it('shows each what is theirs, by the names that they gave it, and nobody else’s', async () => {
    await using visited = await visitAs('ann');
    const { page, complaints } = visited;
    await drop(visited, [summer, song]);
    await expect.poll(() => sets('ann'), SOON).toContain(`${ANN}~Summer`);
    const job = await made(visited);
    expect(job.startsWith(`${ANN}-`)).toBe(true);
    const status = (await asked('ann', `/v1/jobs/${job}`)) as { footageSet: string };
    expect(status.footageSet).toBe(`${ANN}~Summer`);
    expect(await stand.store.stat('music', `${ANN}~/Sunrise Drive.mp3`)).not.toBeNull();
    await page.reload();
    await page.getByLabel('Set of clips').selectOption('Summer');
    await page.getByText('Sunrise Drive.mp3', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'History' }).click();
    const history = page.getByRole('dialog', { name: 'History' });
    await history.getByText('Summer', { exact: true }).waitFor();
    await expect.poll(() => page.title()).toContain('Summer · Montage');
    expect(await shown(page)).not.toContain(ANN);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);

    await using other = await visitAs('ben', `/jobs/${job}`);
    await other.page.getByText('There is no montage').waitFor();
    await other.page.getByRole('button', { name: 'New montage' }).click();
    await other.page.getByText('No song yet.').waitFor();
    expect(await other.page.getByLabel('Set of clips').locator('option').allTextContents()).toEqual(['New set']);
    await other.page.getByRole('button', { name: 'History' }).click();
    await other.page.getByText('Nothing was made yet.').waitFor();
    expect(await shown(other.page)).not.toMatch(/Summer|Sunrise|beach/);
  });

  it('ends by signing out, and going back shows nothing that was there', async () => {
    await stand.bringClip(`${ANN}~Spring`, { name: 'lake.mp4', width: 160, height: 90, seconds: 1, seed: 3 });
    await using visited = await visitAs('ann');
    const { page, context } = visited;
    await page.getByLabel('Set of clips').selectOption('Spring');
    await page.getByRole('listitem').getByText('lake.mp4').waitFor();
    await page.getByRole('radio', { name: 'MTV' }).check();
    await sendForEver(page);
    await drop(visited, [snow]);
    await page.getByRole('listitem').getByText('Sending').waitFor();
    await page.getByRole('button', { name: 'Account: ann' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await door(page).waitFor();
    expect(await context.cookies()).toEqual([]);
    await page.goBack();
    await page.waitForTimeout(500);
    expect(await page.getByText(/Spring|lake|snow/).count()).toBe(0);
    await page.goto(stand.runtime.url);
    await enter(page, 'ben');
    await page.getByText('No clips yet.').waitFor();
    await page.waitForTimeout(1000);
    expect(await shown(page)).not.toMatch(/Spring|lake|snow/);
    expect(await page.getByRole('radio', { name: 'Dynamic' }).isChecked()).toBe(true);
  });

  it('that ends in the middle is asked for again, and everything goes on from there', async () => {
    await using visited = await visitAs('ann');
    const { page, context, complaints } = visited;
    await page.getByRole('textbox', { name: 'Length' }).fill('1:11');
    await page.getByLabel('Name of the set').fill('Autumn');
    await page.keyboard.press('Enter');
    // What the page asks by itself, and is turned away with, waits: else the door could be there first.
    const dropped = Promise.withResolvers<void>();
    await page.route('**/v1/**', (route) => dropped.promise.then(() => route.continue()));
    await context.clearCookies();
    await drop(visited, [join(summer, 'beach.mp4')]);
    dropped.resolve();
    await door(page).waitFor();
    await page.unroute('**/v1/**');
    await page.getByText('You are not signed in any more.').waitFor();
    expect(await shown(page)).not.toMatch(/Autumn|beach/);
    expect(await axeViolations(page)).toEqual([]);
    await enter(page, 'ann');
    await expect.poll(() => sets('ann'), SOON).toContain(`${ANN}~Autumn`);
    expect(await page.getByRole('textbox', { name: 'Length' }).inputValue()).toBe('1:11');
    await page.getByRole('listitem').getByText('beach.mp4').waitFor();
    expect(complaints).toEqual([]);
  });

  it('as somebody else leaves nothing of whoever was at work in this browser', async () => {
    await using visited = await visitAs('ann');
    const { page, context } = visited;
    await sendForEver(page);
    await page.getByRole('radio', { name: 'MTV' }).check();
    await page.getByLabel('Name of the set').fill('Winter');
    await page.keyboard.press('Enter');
    await drop(visited, [snow]);
    await page.getByRole('listitem').getByText('Sending').waitFor();
    await context.clearCookies();
    // Unless the page has asked for something by itself already.
    await page
      .getByRole('button', { name: 'History' })
      .click({ timeout: 3000 })
      .catch(() => {});
    await door(page).waitFor();
    await page.getByLabel('Token', { exact: true }).fill(TOKENS.ben);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Account: ben' }).waitFor();
    await page.getByText('No clips yet.').waitFor();
    await page.waitForTimeout(1000);
    expect(await page.getByLabel('Name of the set').inputValue()).toBe('');
    expect(await page.getByRole('radio', { name: 'Dynamic' }).isChecked()).toBe(true);
    expect(await shown(page)).not.toMatch(/Winter|snow/);
    // Hers again, once she is back.
    await page.getByRole('button', { name: 'Account: ben' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await door(page).waitFor();
    await enter(page, 'ann');
    await page.getByRole('listitem').getByText('snow.mp4', { exact: true }).waitFor();
  });

  it('is seen by the other tabs of the browser', async () => {
    await using visited = await visitAs('ann');
    const second = await visited.context.newPage();
    await second.goto(stand.runtime.url);
    await second.getByRole('button', { name: 'Account: ann' }).click();
    await second.getByRole('button', { name: 'Sign out' }).click();
    await door(visited.page).waitFor();
    await enter(second, 'ann');
    await visited.page.getByRole('button', { name: 'Account: ann' }).waitFor();
  });

  it('is by a link with a token, which leaves the address before anything else is asked', async () => {
    await using visited = await stand.visit('/health');
    const { page } = visited;
    const paths: string[] = [];
    page.on('request', (request) => paths.push(new URL(request.url()).pathname));
    await page.goto(`${stand.runtime.url}/?from=mail#token=${TOKENS.ann}`);
    await page.getByRole('button', { name: 'Account: ann' }).waitFor();
    expect(page.url()).toBe(`${stand.runtime.url}/?from=mail`);
    expect(paths.filter((path) => path.startsWith('/v1/')).slice(0, 2)).toEqual(['/v1/me', '/v1/sign-in/token']);
    await using wrong = await stand.visit('/#token=nonsense');
    await wrong.page.getByRole('alert').getByText('This token lets nobody in').waitFor();
    expect(wrong.page.url()).toBe(`${stand.runtime.url}/`);
  });

  it('lets a page of another port change nothing, though the browser sends the cookie along', async () => {
    await using visited = await visitAs('ann');
    const { page } = visited;
    await drop(visited, [summer, song]);
    const job = await made(visited);
    const foreign = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<p>Hello</p>'));
    await once(foreign.listen(0, '127.0.0.1'), 'listening');
    try {
      const evil = await visited.context.newPage();
      await evil.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
      const answers = [];
      for (const path of [`/v1/jobs/${job}/cancel`, '/v1/sign-out', '/v1/tokens']) {
        const answered = evil.waitForResponse((response) => response.url().endsWith(path));
        await evil.evaluate(
          (url) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => {}),
          `${stand.runtime.url}${path}`,
        );
        answers.push((await answered).status());
      }
      // Without the cookie it would be told to sign in, and signing out would be nothing new.
      expect(answers).toEqual([403, 403, 403]);
      expect(((await asked('ann', `/v1/jobs/${job}`)) as { state: string }).state).not.toBe('cancelled');
    } finally {
      foreign.close();
    }
    await page.reload();
    await page.getByRole('button', { name: 'Account: ann' }).waitFor();
  });

  it('gives a token for programs, shown once, which sees what its person sees', async () => {
    await using visited = await visitAs('ann');
    const { page, context } = visited;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Account: ann' }).click();
    const panel = page.getByRole('dialog', { name: 'ann' });
    await panel.getByText(`npm run montage -- jobs --server ${stand.runtime.url}`).waitFor();
    await panel.getByRole('button', { name: 'Make a token' }).click();
    await panel.getByLabel('The new token').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Copy' }).click();
    await panel.getByText('Copied.').waitFor();
    const token = await page.evaluate(() => navigator.clipboard.readText());
    const answer = await fetch(`${stand.runtime.url}/v1/me`, { headers: { Authorization: `Bearer ${token}` } });
    expect(await answer.json()).toMatchObject({ user: { name: 'ann', owner: ANN } });
    await panel.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Account: ann' }).click();
    await panel.getByRole('button', { name: 'Make a token' }).waitFor();
    expect(await panel.getByLabel('The new token').count()).toBe(0);
  });

  it('lets operators see how it all stands, and tells others kindly that this is not for them', async () => {
    await using visited = await visitAs('ann', '/ops');
    await visited.page.getByRole('alert').getByText('This page is for those who run this Montage.').waitFor();
    expect(await visited.page.getByRole('region').count()).toBe(0);
    expect(await axeViolations(visited.page)).toEqual([]);
    await visited.page.getByRole('link', { name: 'To your clips and montages' }).click();
    await stage(visited.page).waitFor();
    await using operator = await visitAs('olga', '/ops');
    await operator.page.getByRole('heading', { name: 'Work in hand' }).waitFor();
  });
});
