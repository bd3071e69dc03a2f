import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheKeys, outputKeys, revisionKeys } from '../../shared/keys.ts';
import { failJob } from '../../storage/jobs.ts';
import { takeLease } from '../../storage/lease.ts';
import { variedClips, wholeSong } from '../functions/plan/analyses.ts';
import { axeViolations, browserMissing, type Visit } from './browser.ts';
import { HandMadeJob } from './hand-made-job.ts';
import { PageStand } from './page-stand.ts';

const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';
const SHAPE = { clips: variedClips(4), music: wholeSong(16) };
const SOON = { timeout: 30_000, interval: 100 };
let stand: PageStand;

describe.skipIf(browserMissing)(`the operator's page${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  const state = ({ page }: Visit, name: string) =>
    page
      .getByRole('region', { name: 'Jobs' })
      .locator('div', { has: page.getByText(name, { exact: true }) })
      .locator('dd');
  const row = ({ page }: Visit, region: string, name: string) =>
    page.getByRole('region', { name: region }).getByRole('row', { name: new RegExp(`^${name} `) });

  it('lists a failed job with its reason, has it retried, and shows its work going on', async () => {
    const job = await HandMadeJob.ask(stand.store, stand.client, SHAPE);
    await job.plan();
    const segment = 'a'.repeat(64);
    await failJob(stand.store, job.id, 1, { stage: 'render', reason: 'The disk is full.', deadLetter: true });
    await using visited = await stand.visit('/ops');
    const { page, complaints } = visited;
    const failures = page.getByRole('region', { name: 'Recent failures' });
    await failures.getByText('The disk is full.').waitFor();
    await failures.getByText('dead letter').waitFor();
    expect(await state(visited, 'failed').textContent()).toBe('1');
    expect(await failures.getByRole('link', { name: 'holiday' }).getAttribute('href')).toBe(`/jobs/${job.id}`);
    expect(await axeViolations(page)).toEqual([]);
    await failures.getByRole('button', { name: 'Retry holiday' }).focus();
    await page.keyboard.press('Enter');
    await failures.getByText('was retried').waitFor();
    await expect.poll(() => state(visited, 'rendering').textContent(), SOON).toBe('1');
    expect((await stand.client.job(job.id)).state).toBe('rendering');

    const request = revisionKeys(job.id, 1).request('render', segment, 1);
    await stand.store.putOnce('jobs', request, '{}');
    await expect.poll(() => row(visited, 'Work in hand', 'render').textContent(), SOON).toMatch(/^render1\d+ secs?0$/);
    const lease = await takeLease(stand.store, 'render', segment, 'pod-7', { reason: request });
    await expect.poll(() => row(visited, 'Work in hand', 'render').textContent(), SOON).toBe('render0–1');
    await page.getByRole('list', { name: 'Who is at work' }).getByText('pod-7').waitFor();
    await lease?.done();
    // This machine's own processes: at least the one that has answered all this.
    expect(await row(visited, 'Functions', 'jobs').textContent()).toMatch(/^jobs[1-9]/);
    await stand.client.cancel(job.id);
    expect(complaints).toEqual([]);
  });

  it('says what cleaning would delete, and deletes just that', async () => {
    const job = await HandMadeJob.ask(stand.store, stand.client, SHAPE);
    await job.finish();
    await stand.store.putOnce('output', outputKeys(job.id, 1).report, '{}');
    const spare = cacheKeys.segment('f'.repeat(64));
    await stand.store.putOnce('cache', spare, Buffer.alloc(2048));
    await using visited = await stand.visit('/ops');
    const { page } = visited;
    const pieces = page.getByRole('form', { name: 'Rendered pieces in the cache' });
    await pieces.getByRole('button').click();
    await pieces.getByText('Nothing is that old.').waitFor();
    await pieces.getByLabel('older than, in days').fill('0');
    await pieces.getByRole('button').click();
    await pieces.getByText('1 piece, 2 KiB, would go.').waitFor();
    expect(await stand.store.stat('cache', spare)).not.toBeNull();
    await pieces.getByRole('button', { name: 'Delete 1 piece' }).click();
    await pieces.getByText('Deleted: 1 piece, 2 KiB.').waitFor();
    expect(await stand.store.stat('cache', spare)).toBeNull();

    const done = Number(await state(visited, 'done').textContent());
    const jobs = page.getByRole('form', { name: 'Jobs that are done, failed or cancelled' });
    await jobs.getByLabel('older than, in days').fill('0');
    await jobs.getByRole('button').click();
    await jobs.getByRole('button', { name: /^Delete \d jobs?$/ }).click();
    await jobs.getByText(/^Deleted: \d jobs? with/).waitFor();
    await expect.poll(() => state(visited, 'done').textContent(), SOON).toBe('0');
    expect(done).toBe(1);
    expect(await stand.client.jobs()).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('speaks German, fits a phone, and is found from the list of keys', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    await using german = await stand.visit('/ops', { ...phone, locale: 'de-DE' });
    await german.page.getByRole('heading', { name: 'Letzte Fehler' }).waitFor();
    await german.page.getByText('Nichts ist gescheitert.').waitFor();
    expect(await german.page.title()).toBe('Betrieb · Montage');
    expect(await german.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await axeViolations(german.page)).toEqual([]);

    await using visited = await stand.visit();
    await visited.page.getByRole('button', { name: 'Keys' }).click();
    await visited.page.getByRole('link', { name: 'How Montage itself is doing' }).click();
    await visited.page.getByRole('heading', { name: 'Work in hand' }).waitFor();
  });

  it('keeps the last numbers and says so when nobody answers, and goes on when somebody does', async () => {
    await using visited = await stand.visit('/ops');
    const { page, context } = visited;
    await page.getByRole('heading', { name: 'Store' }).waitFor();
    await context.setOffline(true);
    await page.getByText('Montage does not answer. Is it running?').waitFor();
    await page.getByRole('heading', { name: 'Store' }).waitFor();
    await context.setOffline(false);
    await page.getByText(/^As of/).waitFor();
  });
});
