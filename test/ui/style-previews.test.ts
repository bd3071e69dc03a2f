import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePoster } from '../../functions/assemble/poster.ts';
import { cacheKeys, previewKeys } from '../../shared/keys.ts';
import { previewOf } from '../../shared/preview-hash.ts';
import { builtInStyles, resolveStyle } from '../../shared/styles/built-in.ts';
import { makeClip } from '../media/clip.ts';
import { axeViolations, browserMissing } from './browser.ts';
import { PageStand } from './page-stand.ts';

const SOON = { timeout: 30_000, interval: 100 };
const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';
let stand: PageStand;
let folder: string;

/** Puts a film of four seconds where the preview of a style lies. */
async function film(style: string): Promise<void> {
  const { path } = await makeClip(folder, { name: `${style}.mp4`, width: 320, height: 180, seconds: 4, audio: null });
  const still = join(folder, `${style}.jpg`);
  await writePoster(path, { frameRate: '25/1', cuts: [] }, still);
  const preview = previewOf(resolveStyle(style, [], {}));
  await stand.store.putFileOnce('cache', cacheKeys.previewStill(preview), still);
  await stand.store.putFileOnce('cache', cacheKeys.preview(preview), path);
}

const card = (page: Page, style: string) => page.locator(`.style-card[data-style="${style}"]`);
const seconds = (page: Page, style: string) =>
  card(page, style)
    .locator('video')
    .evaluate((video) => (video as HTMLVideoElement).currentTime);
/** Styles whose previews play. */
const playing = (page: Page) =>
  page
    .locator('.style-card')
    .evaluateAll((cards) =>
      cards.flatMap((each) => (each.querySelector('video')?.paused === false ? [each.getAttribute('data-style')] : [])),
    );

describe.skipIf(browserMissing)(`the previews on the cards of styles${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
    folder = await mkdtemp(join(tmpdir(), 'montage-style-previews-'));
    for (const style of ['dynamic', 'action', 'documentary']) await film(style);
  });
  afterAll(async () => {
    await stand?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('are seen of several styles in a low window too, which shows that there are more', async () => {
    await using visited = await stand.visit('/', { viewport: { width: 1280, height: 720 } });
    const { page } = visited;
    const list = page.locator('.style-cards');
    await page.locator('.style-cards.more-beneath').waitFor();
    await card(page, 'action').locator('.style-preview').waitFor();
    const { y = 0, height = 0 } = (await list.boundingBox()) ?? {};
    const names = await page
      .locator('.style-name')
      .evaluateAll((all, foot) => all.filter((each) => each.getBoundingClientRect().bottom < foot).length, y + height);
    expect(names).toBeGreaterThanOrEqual(3);
    expect(await axeViolations(page)).toEqual([]);
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect.poll(() => list.getAttribute('class'), SOON).toBe('style-cards');
  });

  it('play where a card is chosen, pointed at or has the focus, two at most, and rest as a still else', async () => {
    await using visited = await stand.visit();
    const { page, complaints } = visited;
    await expect.poll(() => seconds(page, 'dynamic'), SOON).toBeGreaterThan(0.2);
    expect(await playing(page)).toEqual(['dynamic']);
    await card(page, 'action').hover();
    await expect.poll(() => seconds(page, 'action'), SOON).toBeGreaterThan(0.2);
    expect(await playing(page)).toEqual(['dynamic', 'action']);
    await page.mouse.move(200, 300);
    await expect.poll(() => playing(page), SOON).toEqual(['dynamic']);
    expect(await seconds(page, 'action')).toBe(0);
    await page.getByRole('radio', { name: 'Documentary' }).focus();
    await expect.poll(() => playing(page), SOON).toEqual(['dynamic', 'documentary']);
    await card(page, 'action').hover();
    await expect.poll(async () => (await playing(page)).length, SOON).toBe(2);
    expect(await card(page, 'hitchcock').locator('video').count()).toBe(0);
    expect(await card(page, 'hitchcock').locator('.pace').count()).toBe(1);
    expect(await card(page, 'action').locator('.pace').count()).toBe(1);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('don’t move for whom nothing shall', async () => {
    await using visited = await stand.visit('/', { reducedMotion: 'reduce', locale: 'de-DE' });
    const { page } = visited;
    await card(page, 'action').locator('video').waitFor();
    await card(page, 'action').hover();
    await page.waitForTimeout(1000);
    expect(await playing(page)).toEqual([]);
    expect(await seconds(page, 'action')).toBe(0);
    await page.getByText('Die Bilder: dieselben Clips und derselbe Song in jedem Stil.').waitFor();
  });

  it('play in the middle of the row where nobody can point', async () => {
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
    await using visited = await stand.visit('/', phone);
    const { page } = visited;
    await card(page, 'action').evaluate((each) => each.scrollIntoView({ inline: 'center', block: 'center' }));
    await expect.poll(() => playing(page), SOON).toEqual(['dynamic', 'action']);
  });

  it('are asked for when the cards are seen, and come to them as they are made', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    const preview = previewOf(resolveStyle('mtv', [], {}));
    await expect.poll(() => stand.store.stat('jobs', previewKeys(preview).wanted), SOON).not.toBeNull();
    const wanted = await Array.fromAsync(stand.store.list('jobs', '_previews/wanted/'));
    expect(wanted).toHaveLength(builtInStyles().length - 3);
    expect(await card(page, 'mtv').locator('video').count()).toBe(0);
    await film('mtv');
    await card(page, 'mtv').locator('video').waitFor();
  });
});
