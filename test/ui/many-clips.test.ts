import { link } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeClip } from '../media/clip.ts';
import { browserMissing } from './browser.ts';
import { PageStand } from './page-stand.ts';

const CLIPS = 23;
const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';

describe.skipIf(browserMissing)(`a set of many clips on the page${skipped}`, () => {
  let stand: PageStand;
  let files: string[];
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
    const clip = { name: 'many.mp4', width: 160, height: 90, seconds: 1, audio: null };
    const { path } = await makeClip(stand.folder, clip);
    files = Array.from({ length: CLIPS }, (_, i) => `clip ${String(i).padStart(2, '0')}.mp4`);
    for (const file of files) {
      const copy = join(stand.folder, file);
      await link(path, copy);
      await stand.store.putFileOnce('input', `Many/${file}`, copy);
    }
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  it('is one list in order, however it is laid out, and the keyboard stays where it is when the window changes', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    await page.getByLabel('Set of clips').selectOption('Many');
    const list = page.getByRole('region', { name: 'Clips' }).getByRole('list');
    const names = () => list.getByRole('listitem').locator('.clip-name').allTextContents();
    await expect.poll(names, { timeout: 30_000 }).toEqual(files);
    await page.getByRole('button', { name: 'Leave out: clip 13.mp4' }).focus();
    const columns = () => list.evaluate((grid) => getComputedStyle(grid).gridTemplateColumns.split(' ').length);
    const wide = await columns();
    await page.setViewportSize({ width: 1000, height: 900 });
    await expect.poll(columns).toBeLessThan(wide);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Leave out: clip 13.mp4');
    expect(await names()).toEqual(files);
    const rows = await list.evaluate((grid) => [...grid.children].map(({ children }) => children.length));
    expect(rows.slice(0, -1).every((clips) => clips === rows[0])).toBe(true);
    expect((rows[0] ?? 0) % (await columns())).toBe(0);
  });
});
