import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobRequestSchema } from '../../shared/request.ts';
import { axeViolations, browserMissing } from './browser.ts';
import { PageStand } from './page-stand.ts';

const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';
let stand: PageStand;

describe.skipIf(browserMissing)(`what is wanted of a clip, on the page${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
    for (const [i, name] of ['beach.mp4', 'cake.mp4', 'dog.mp4'].entries())
      await stand.bringClip('Holiday', { name, width: 320, height: 180, seconds: 6, seed: i + 1 });
    await stand.bringSong('song', 4);
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  it('is set by scrubbing and by keys, stands on the clip, and is asked for', async () => {
    await using visited = await stand.visit();
    const { page, complaints } = visited;
    await page.getByLabel('Set of clips').selectOption('Holiday');
    await page.getByRole('button', { name: 'Show cake.mp4 on the stage' }).click();
    const from = page.getByRole('slider', { name: 'Use from' });
    const at = () => page.locator('.clip-shown video').evaluate((video: HTMLVideoElement) => video.currentTime);
    await from.fill('2');
    // The picture follows the hand.
    await expect.poll(at).toBeCloseTo(2, 1);
    await page.getByRole('slider', { name: 'Use to' }).fill('4.52');
    await expect.poll(at).toBeCloseTo(4.52, 1);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show dog.mp4 on the stage' }).click();
    await page.locator('.clip-shown video[aria-label="dog.mp4"]').waitFor();
    await page.getByRole('slider', { name: 'Use to' }).waitFor();
    await page.keyboard.press('u');
    await page.getByRole('button', { name: 'Show beach.mp4 on the stage' }).click();
    await page.getByRole('group', { name: 'What of beach.mp4 is used' }).waitFor();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Use again: beach.mp4' }).waitFor();
    await page.getByText('only 0:02 – 0:05', { exact: true }).waitFor();
    await page.getByText('Must be seen', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Create montage' }).click();
    await page.waitForURL(/\/jobs\/./);
    const job = new URL(page.url()).pathname.split('/')[2];
    const asked = JobRequestSchema.parse(
      JSON.parse((await stand.store.read('jobs', `${job}/request.json`)).toString()),
    );
    expect(asked.clips).toEqual(['Holiday/cake.mp4', 'Holiday/dog.mp4']);
    expect(asked.wishes).toEqual({
      'Holiday/cake.mp4': { use: 'may', fromSeconds: 2, toSeconds: 4.52 },
      'Holiday/dog.mp4': { use: 'must' },
    });
    expect(complaints).toEqual([]);
  });

  it('starts and ends where the clip stands, and is all of it again', async () => {
    await using visited = await stand.visit('/', { locale: 'de-DE' });
    const { page } = visited;
    await page.getByRole('combobox').first().selectOption('Holiday');
    await page.getByRole('slider', { name: 'Verwenden ab' }).waitFor();
    await page.locator('.clip-shown video').evaluate((video: HTMLVideoElement) => {
      video.currentTime = 3;
    });
    await page.keyboard.press('i');
    await expect.poll(() => page.getByRole('slider', { name: 'Verwenden ab' }).inputValue()).toBe('3');
    await page.getByRole('button', { name: 'Alles davon' }).click();
    expect(await page.getByRole('slider', { name: 'Verwenden ab' }).inputValue()).toBe('0');
  });
});
