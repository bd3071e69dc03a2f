import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API } from '../../shared/api/operations.ts';
import { axeViolations, browserMissing } from './browser.ts';
import { PageStand } from './page-stand.ts';

const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';
let stand: PageStand;

describe.skipIf(browserMissing)(`the reference of the API, in a browser${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  it('is at /reference, shows all operations, and what is in their bodies', async () => {
    await using visited = await stand.visit('/reference');
    const { page, complaints } = visited;
    const operations = page.locator('details.operation');
    await expect.poll(() => operations.count()).toBe(Object.keys(API).length);
    await page.locator('#createJob > summary').click();
    await page.getByText('footageSet').first().waitFor();
    expect(await page.locator('#reference').textContent()).not.toContain('`');
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('loads nothing of the page itself, and fits a phone', async () => {
    await using visited = await stand.visit('/reference', { viewport: { width: 390, height: 844 } });
    const { page } = visited;
    await page.locator('details.operation').first().waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    expect(await page.locator('.style-card').count()).toBe(0);
  });
});
