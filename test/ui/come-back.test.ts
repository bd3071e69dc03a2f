import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { footage, wholeSong } from '../functions/plan/analyses.ts';
import { browserMissing } from './browser.ts';
import { HandMadeJob } from './hand-made-job.ts';
import { PageStand } from './page-stand.ts';

const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';
let stand: PageStand;

describe.skipIf(browserMissing)(`a person who comes back to the page of a montage${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  it('sees what somebody else has made of it meanwhile, and nothing is asked for while they are away', async () => {
    const clip = footage([{ seconds: 12 }], { width: 160, height: 90, hasAudio: false });
    const job = await HandMadeJob.ask(stand.store, stand.client, { clips: [clip, clip], music: wholeSong(8) });
    await job.plan();
    await job.finish();
    await using visited = await stand.visit(`/jobs/${job.id}`);
    const { page } = visited;
    await page.locator('.cut').first().waitFor();
    const count = await page.locator('.cut').count();
    await job.change(stand.client, { kind: 'remove', cut: 1 });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.waitForTimeout(2000);
    expect(asked.filter((url) => url.includes(`/v1/jobs/${job.id}`))).toEqual([]);
    expect(await page.locator('.cut').count()).toBe(count);
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await expect.poll(() => page.locator('.cut').count()).toBe(count - 1);
  });
});
