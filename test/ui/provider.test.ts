import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, settingsFor, startProvider } from '../pipeline/provider.ts';
import { freePort } from '../storage/minio-server.ts';
import { axeViolations, browserMissing } from './browser.ts';
import { PageStand } from './page-stand.ts';

const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';
let stand: PageStand;
let provider: AsyncDisposable;

describe.skipIf(browserMissing)(`signing in with an account elsewhere${skipped}`, () => {
  beforeAll(async () => {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    // Another site than Montage's, as it mostly is.
    const issuer = `http://localhost:${await freePort()}`;
    provider = await startProvider(issuer, publicUrl);
    stand = await PageStand.start({ works: false, port, settings: settingsFor(issuer, publicUrl) });
  });
  afterAll(async () => {
    await stand?.[Symbol.asyncDispose]();
    await provider?.[Symbol.asyncDispose]();
  });

  /** What is asked at the provider. */
  async function identify(page: Page, account: Account): Promise<void> {
    await page.locator('[name=login]').fill(account);
    await page.locator('[name=password]').fill('any');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  it('leads there and back to the same page, and out of both again', async () => {
    await using visited = await stand.visit('/jobs/some-job');
    const { page, context, complaints } = visited;
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await page.getByLabel('Token').count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await identify(page, 'ann-1');
    await page.getByRole('button', { name: 'Account: Ann Example' }).waitFor();
    expect(page.url()).toBe(`${stand.runtime.url}/jobs/some-job`);
    await page.getByText('There is no montage some-job here.').waitFor();
    expect((await context.cookies(stand.runtime.url)).map(({ name, sameSite }) => [name, sameSite])).toContainEqual([
      'montage-session',
      'Strict',
    ]);
    await page.getByRole('button', { name: 'Account: Ann Example' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('that fails leads back to the page, which says so', async () => {
    await using visited = await stand.visit('/v1/sign-in/callback?error=access_denied&state=x');
    const { page } = visited;
    await page.getByRole('alert').getByText('You were not signed in').waitFor();
    expect(page.url()).toBe(`${stand.runtime.url}/`);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('that ends in the middle is done again in another tab, and everything goes on in this one', async () => {
    await using visited = await stand.visit();
    const { page, context } = visited;
    await page.getByRole('link', { name: 'Sign in' }).click();
    await identify(page, 'ben-2');
    await page.getByLabel('Name of the set').fill('Autumn');
    await context.clearCookies();
    // Unless the page has asked for something by itself already.
    await page
      .getByRole('button', { name: 'History' })
      .click({ timeout: 3000 })
      .catch(() => {});
    const opening = context.waitForEvent('page');
    await page.getByRole('link', { name: 'Sign in' }).click();
    const other = await opening;
    await identify(other, 'ben-2');
    await other.getByRole('button', { name: 'Account: Ben Example' }).waitFor();
    await page.getByRole('button', { name: 'Account: Ben Example' }).waitFor();
    expect(await page.getByLabel('Name of the set').inputValue()).toBe('Autumn');
  });
});
