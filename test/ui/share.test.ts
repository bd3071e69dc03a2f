import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentsOf } from '../../shared/segments.ts';
import { footage, wholeSong } from '../functions/plan/analyses.ts';
import { axeViolations, browserMissing } from './browser.ts';
import { HandMadeJob } from './hand-made-job.ts';
import { PageStand } from './page-stand.ts';

const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';
const TITLE = 'Eighty!';
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true } satisfies BrowserContextOptions;
let stand: PageStand;
let job: HandMadeJob;

/** Whether something is wider than the window. */
const overflows = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe.skipIf(browserMissing)(`a montage that is shared${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
    await stand.bringClip('holiday', { name: 'clip00.mp4', width: 320, height: 180, seconds: 12, seed: 1 });
    await stand.bringSong('song', 2);
    const clips = [footage([{ seconds: 12, motion: 0.3 }], { width: 320, height: 180, hasAudio: false })];
    job = await HandMadeJob.ask(stand.store, stand.client, { clips, music: wholeSong(4) }, TITLE);
    await job.plan();
    await job.render(segmentsOf(job.timeline).map((_, i) => i));
    await job.assemble();
    await job.finish();
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  const link = async (expiresInHours = 24) =>
    (await stand.client.share(job.id, { expiresInHours }, crypto.randomUUID())).path;
  const picture = (page: Page, name: string) =>
    process.env.SCREENSHOTS ? page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png` }) : null;

  it('is shared by a link that is made, copied, listed and revoked beside its files', async () => {
    await using visited = await stand.visit(`/jobs/${job.id}`);
    const { page, context, complaints } = visited;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Share link' }).click();
    const panel = page.getByRole('dialog', { name: 'Share link' });
    await panel.getByText('No link leads here yet.').waitFor();
    expect(await panel.getByLabel('It lasts').inputValue()).toBe('168');
    await panel.getByLabel('It lasts').selectOption('a month');
    await panel.getByRole('button', { name: 'Make a link' }).click();
    const field = panel.getByLabel('The new link');
    await field.waitFor();
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
    const address = await field.inputValue();
    expect(address).toMatch(new RegExp(`^${stand.runtime.url}/share/[\\w-]{43}$`));
    await panel.getByText('shown only now').waitFor();
    await panel.getByRole('button', { name: 'Copy' }).click();
    await panel.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
    const [made] = await stand.client.shares(job.id);
    expect(Date.parse(made?.expiresAt ?? '') - Date.parse(made?.createdAt ?? '')).toBe(720 * 3600 * 1000);
    const year = new Date(made?.expiresAt ?? '').getFullYear();
    await panel.getByText(new RegExp(`^Until .*${year}`)).waitFor();
    await picture(page, 'panel');
    expect(await axeViolations(page)).toEqual([]);
    await using guest = await stand.visit(new URL(address).pathname);
    await guest.page.getByRole('heading', { name: TITLE }).waitFor();
    await panel.getByRole('button', { name: /^Revoke the link made / }).click();
    await panel.getByText('No link leads here yet.').waitFor();
    expect(await field.count()).toBe(0);
    expect(await panel.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await guest.page.reload();
    await guest.page.getByText('This link leads nowhere').waitFor();
    expect(complaints).toEqual([]);
  });

  it('has its link selected where a browser lets no page copy, and is shared on a phone, in German', async () => {
    await using visited = await stand.visit(`/jobs/${job.id}`, { ...PHONE, locale: 'de-DE' });
    const { page, complaints } = visited;
    // As over plain HTTP.
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await page.getByRole('button', { name: 'Link zum Teilen' }).click();
    const panel = page.getByRole('dialog', { name: 'Link zum Teilen' });
    await panel.getByLabel('Er gilt').selectOption('einen Tag');
    await panel.getByRole('button', { name: 'Link erstellen' }).click();
    await panel.getByRole('button', { name: 'Kopieren' }).click();
    await panel.getByText('Er ist markiert').waitFor();
    const field = panel.getByLabel('Der neue Link');
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(await field.inputValue());
    await panel
      .getByText(/^Bis \d/)
      .first()
      .waitFor();
    await picture(page, 'panel-phone');
    expect(await overflows(page)).toBe(false);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('plays for whoever has the link, with its title and until when, and asks for nothing else', async () => {
    const path = await link();
    await using visited = await stand.visit(path);
    const { page, complaints } = visited;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const answer = await page.reload();
    expect(answer?.headers()['x-robots-tag']).toBe('noindex');
    await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor();
    expect(await page.title()).toBe(`${TITLE} · Montage`);
    await page.getByText(/^This link works until \d/).waitFor();
    const video = page.locator('video');
    const seconds = () => video.evaluate(({ currentTime }: HTMLVideoElement) => currentTime);
    await video.evaluate((element: HTMLVideoElement) => element.play());
    await expect.poll(seconds, { timeout: 20_000 }).toBeGreaterThan(0.5);
    await video.evaluate((element: HTMLVideoElement) => element.pause());
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.getByRole('link').count()).toBe(1);
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download the video' }).click();
    expect((await saving).suggestedFilename()).toMatch(/^Eighty.*\.mp4$/);
    const token = path.split('/').at(-1);
    const allowed = new RegExp(
      `^(?:/share/${token}|/assets/.+|/icon\\.svg|/v1/shares/${token}(?:/.+)?|/store/output/_shares/.+)$`,
    );
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.filter((each) => !allowed.test(each))).toEqual([]);
    const html = await page.content();
    for (const secret of ['holiday', 'clip00', 'song', job.id]) expect(html).not.toContain(secret);
    await picture(page, 'guest');
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('is seen on a phone, in the dark and in German, before it plays by its poster', async () => {
    await using visited = await stand.visit(await link(), { ...PHONE, locale: 'de-DE', colorScheme: 'dark' });
    const { page, complaints } = visited;
    await page.getByText(/^Dieser Link gilt bis \d+\. \S+ \d{4}/).waitFor();
    await page.getByRole('link', { name: 'Video herunterladen' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(await page.locator('video').getAttribute('poster')).toMatch(/\/poster\.jpg$/);
    await page.waitForLoadState('networkidle');
    await picture(page, 'guest-phone');
    expect(await overflows(page)).toBe(false);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['en-GB', 'This link leads nowhere: it has expired, or was revoked.'],
    ['de-DE', 'Dieser Link führt nirgends hin: Er ist abgelaufen oder wurde widerrufen.'],
  ])('says in %s when a link leads nowhere', async (locale, sentence) => {
    for (const path of [`/share/${'A'.repeat(43)}`, '/share/', '/share/a/b']) {
      await using visited = await stand.visit(path, { locale });
      await visited.page.getByRole('alert').getByText(sentence).waitFor();
      expect(await axeViolations(visited.page)).toEqual([]);
    }
  });
});
