import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobRequestSchema } from '../../shared/request.ts';
import { footage, wholeSong } from '../functions/plan/analyses.ts';
import { axeViolations, browserMissing } from './browser.ts';
import { HandMadeJob } from './hand-made-job.ts';
import { PageStand } from './page-stand.ts';

const SOON = { timeout: 30_000, interval: 100 };
const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';
let stand: PageStand;

/** Opens all that can be set of the chosen style. */
const openTuning = (page: Page, summary = /^Fine-tune /) => page.getByText(summary).click();
const bars = async (page: Page, style: string) => {
  const outline = await page.locator('.style-card').filter({ hasText: style }).locator('.pace path').getAttribute('d');
  return outline?.split('M').slice(1).length ?? 0;
};

describe.skipIf(browserMissing)(`a style that is fine-tuned on the page${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
    await stand.bringClip('Holiday', { name: 'clip00.mp4', width: 160, height: 90, seconds: 12 });
    await stand.bringSong('song', 4);
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  it('shows what comes of it at once, and is asked for so', async () => {
    await using visited = await stand.visit();
    const { page, complaints } = visited;
    await page.getByLabel('Set of clips').selectOption('Holiday');
    await openTuning(page);
    expect(await axeViolations(page)).toEqual([]);
    await expect.poll(() => bars(page, 'Dynamic')).toBeGreaterThan(5);
    const before = await bars(page, 'Dynamic');
    await page.getByLabel('Speed').selectOption('very fast');
    await expect.poll(() => bars(page, 'Dynamic')).toBeGreaterThan(before);
    await page.getByLabel('Every cut on a beat').uncheck();
    await page.getByLabel('Grain').focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('button', { name: 'Create montage' }).click();
    await page.waitForURL(/\/jobs\/./);
    const job = new URL(page.url()).pathname.split('/')[2];
    const asked = await stand.store.read('jobs', `${job}/request.json`);
    expect(JobRequestSchema.parse(JSON.parse(asked.toString()))).toMatchObject({
      style: 'dynamic',
      set: { 'pacing.speed': 'very_fast', 'pacing.syncToBeats': false, 'look.grain': 0.05 },
    });
    expect(complaints).toEqual([]);
  });

  it('is refused in words while it can’t be so, and is as it was when that is wished for, or another is chosen', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    await page.getByLabel('Set of clips').selectOption('Holiday');
    await openTuning(page);
    const shortest = page.getByLabel('Shortest cut, seconds');
    const was = await shortest.inputValue();
    await shortest.fill('60');
    await page.getByLabel('Longest cut, seconds').fill('2');
    await page.keyboard.press('Tab');
    await page.getByRole('alert').getByText('minClipSeconds must not be above maxClipSeconds').waitFor();
    await page.getByText('The style can’t be set so.').waitFor();
    const create = page.getByRole('button', { name: 'Create montage' });
    expect(await create.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: 'As the style has it' }).click();
    expect(await shortest.inputValue()).toBe(was);
    expect(await create.getAttribute('aria-disabled')).toBe('false');
    await page.getByLabel('Most cuts of one shot').fill('9');
    await page.keyboard.press('Tab');
    await page.getByRole('radio', { name: 'Hitchcock' }).check();
    await page.getByRole('radio', { name: 'Dynamic' }).check();
    await page.getByText('Fine-tune Dynamic').waitFor();
    expect(await page.getByLabel('Most cuts of one shot').inputValue()).not.toBe('9');
  });

  it('is how the montage is that is looked at, and can be another way in its next version', async () => {
    const job = await HandMadeJob.ask(stand.store, stand.client, {
      clips: [footage([{ seconds: 12, motion: 0.3 }], { width: 160, height: 90, hasAudio: false })],
      music: wholeSong(8),
    });
    await job.plan();
    await using visited = await stand.visit(`/jobs/${job.id}`, { locale: 'de-DE' });
    const { page } = visited;
    await openTuning(page, / fein einstellen$/);
    await page.getByLabel('Geschwindigkeit').selectOption('sehr schnell');
    await page.getByText('Geschwindigkeit sehr schnell').waitFor();
    await page.locator('.make-it-so button').click();
    const revisions = async () =>
      (await stand.client.call('listRevisions', { parameters: { job: job.id } })).body.revisions;
    await expect.poll(async () => (await revisions()).length, SOON).toBe(2);
    expect((await revisions()).flatMap(({ changes }) => changes)).toEqual([
      { kind: 'replan', order: { set: { 'pacing.speed': 'very_fast' } } },
    ]);
  });
});
