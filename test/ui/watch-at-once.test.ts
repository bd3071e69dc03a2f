import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Schedule, scheduleOf } from '../../functions/ui/page/play/schedule.ts';
import { framesPerSecond, secondsAt } from '../../shared/frame-rate.ts';
import { segmentHash } from '../../shared/segment-hash.ts';
import { segmentsOf } from '../../shared/segments.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { footage, wholeSong } from '../functions/plan/analyses.ts';
import { axeViolations, browserMissing } from './browser.ts';
import { HandMadeJob } from './hand-made-job.ts';
import { PageStand } from './page-stand.ts';
import { framesOff, picturesSeen, watchPictures } from './pictures-seen.ts';

let stand: PageStand;

const SECONDS = 16;
const SOON = { timeout: 30_000, interval: 100 };
const CLIPS = 4;
const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';

/** What the files are of that a page plays for a timeline with some segments rendered. */
const scheduled = (timeline: Timeline, rendered: readonly number[] = []): Schedule => {
  const specs = segmentsOf(timeline);
  return scheduleOf(specs, timeline, {
    clip: (key) => `/${key}`,
    segment: (i) => (rendered.includes(i) && specs[i] ? `/${segmentHash(specs[i])}` : null),
  });
};

const song = (page: Page) => page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime);
/** The files whose pictures are seen. */
const filesSeen = (page: Page) =>
  page
    .locator('.cut-here-pictures video')
    .evaluateAll((all: HTMLVideoElement[]) =>
      all
        .filter(({ style }) => Number(style.opacity) > 0.02)
        .map(({ currentSrc }) => new URL(currentSrc).pathname.split('/').at(-1)),
    );
const position = (page: Page) => page.getByRole('slider', { name: 'Position' });
const isPlaying = (page: Page) => page.getByRole('button', { name: 'Pause', exact: true }).waitFor();

describe.skipIf(browserMissing)(`a montage that plays before it is rendered${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
    for (let i = 0; i < CLIPS; i++) {
      const scenes = [0, 1, 2].map((scene) => ({ frames: 100, seed: i * 3 + scene }));
      await stand.bringClip('holiday', { name: `clip0${i}.mp4`, width: 320, height: 180, scenes });
    }
    // No browser decodes this.
    await stand.bringClip('holiday', { name: 'clip04.mp4', seconds: 12, codec: 'mpeg4' });
    await stand.bringSong('song', SECONDS / 2);
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  const ask = ({ clips = CLIPS, seconds = SECONDS } = {}) =>
    HandMadeJob.ask(stand.store, stand.client, {
      clips: Array.from({ length: clips }, (_, i) =>
        footage(
          [0.1, 0.5, 0.8].map((motion) => ({ seconds: 4, motion: motion + i / 50 })),
          { width: 320, height: 180, hasAudio: false },
        ),
      ),
      music: wholeSong(seconds),
    });
  const open = (job: HandMadeJob, options?: BrowserContextOptions) => stand.visit(`/jobs/${job.id}`, options);

  it('plays from the clips and the song as soon as it is planned, the picture where the song is', async () => {
    const job = await ask();
    await using visited = await open(job);
    const { page, complaints } = visited;
    await page.getByText('Looking at the clips and listening to the song').waitFor();
    await watchPictures(page);
    await job.plan();
    await isPlaying(page);
    await expect.poll(() => song(page), SOON).toBeGreaterThan(0.5);
    expect((await stand.client.job(job.id)).segments?.rendered).toBe(0);
    await page.getByText(/^0 of \d+ pieces rendered/).waitFor();
    await page.getByText('Still to come: the look.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await expect.poll(() => song(page), SOON).toBeGreaterThan(SECONDS - 1);
    const schedule = scheduled(job.timeline);
    const offs = (await picturesSeen(page)).map((seen) => framesOff(seen, schedule, job.timeline));
    const inTime = offs.filter((off) => off !== null && off <= 1).length;
    // On a busy machine a browser is late with some.
    expect(offs.length).toBeGreaterThan(100);
    expect(inTime / offs.length).toBeGreaterThan(0.9);
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    const end = secondsAt(job.timeline.frames, job.timeline.frameRate);
    expect(Number(await position(page).inputValue())).toBeCloseTo(end, 1);
    expect(complaints).toEqual([]);
  });

  it('takes rendered pieces as they come, then its own file at the same moment', async () => {
    const job = await ask();
    await job.plan();
    await using visited = await open(job);
    const { page, complaints } = visited;
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await expect
      .poll(() => filesSeen(page), SOON)
      .toEqual([scheduled(job.timeline).runs[0]?.address.split('/').at(-1)]);
    const outlined = page.locator('.cut.outlined');
    await expect.poll(() => outlined.count()).toBe(job.timeline.cuts.length);
    await job.render([1]);
    await expect.poll(() => outlined.count(), SOON).toBe(job.timeline.cuts.length - 1);
    await page.keyboard.press('ArrowDown');
    const second = scheduled(job.timeline, [1]).runs.find(({ isRendered }) => isRendered);
    await expect.poll(() => filesSeen(page), SOON).toEqual([second?.address.slice(1)]);

    await page.keyboard.press('Home');
    await page.keyboard.press(' ');
    await expect.poll(() => song(page), SOON).toBeGreaterThan(0.3);
    await job.render(job.timeline.cuts.map((_, i) => i));
    await expect.poll(() => outlined.count(), SOON).toBe(0);
    await job.assemble();
    await page.keyboard.press('Home');
    await page.keyboard.press('k');
    await page.keyboard.press(' ');
    await isPlaying(page);
    await job.finish();
    const file = page.locator('.finished:not(.waits)');
    await file.waitFor();
    const { now, isPaused, isOver } = await file.evaluate((video: HTMLVideoElement) => ({
      now: video.currentTime,
      isPaused: video.paused,
      isOver: video.currentTime > video.duration - 0.2,
    }));
    expect(isPaused && !isOver).toBe(false);
    expect(Math.abs(Number(await position(page).inputValue()) - now)).toBeLessThan(0.5);
    await expect.poll(() => page.locator('.cut-here').count()).toBe(0);
    // On a machine that does much else, it is over before the file is there.
    if (isOver) {
      await expect.poll(() => file.evaluate((video: HTMLVideoElement) => video.paused)).toBe(true);
      await page.keyboard.press('Home');
      await page.keyboard.press(' ');
    }
    await isPlaying(page);
    await page.keyboard.press('k');
    await page.getByText('pieces rendered').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('plays on where it is when a cut is changed, with that cut another way', async () => {
    const job = await ask();
    await job.plan();
    await using visited = await open(job);
    const { page, complaints } = visited;
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.keyboard.press(' ');
    await expect.poll(() => song(page), SOON).toBeGreaterThan(0.5);
    const { cuts, sources } = job.timeline;
    const cut = cuts.findIndex(
      ({ source, alternatives: [other] }, i) => i > 1 && other && other.file !== sources[source]?.file,
    );
    const before = await song(page);
    const after = await job.change(stand.client, { kind: 'swap', cut, alternative: 0 });
    const file = after.sources[after.cuts[cut]?.source ?? -1]?.file ?? '';
    const button = page.getByRole('button', { name: new RegExp(`^Cut ${cut + 1} of `) });
    await expect.poll(() => button.getAttribute('aria-label'), SOON).toContain(file);
    await isPlaying(page);
    await expect.poll(() => song(page), SOON).toBeGreaterThan(before + 0.3);
    await page.keyboard.press('k');
    const place = Number(await position(page).inputValue());
    expect(Math.abs(place - (await song(page)))).toBeLessThan(0.1);
    await button.click();
    await expect.poll(() => filesSeen(page), SOON).toContain(file);
    expect(complaints).toEqual([]);
  });

  it('obeys every key as a finished one does', async () => {
    const job = await ask();
    await job.plan();
    await using visited = await open(job);
    const { page } = visited;
    const rate = framesPerSecond(job.timeline.frameRate);
    const frame = async () => Math.floor(Number(await position(page).inputValue()) * rate + 1e-3);
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await frame()).toBe(2);
    await page.keyboard.press('ArrowLeft');
    expect(await frame()).toBe(1);
    const schedule = scheduled(job.timeline);
    const first = schedule.runs[0]?.stretches[0]?.sourceFrame ?? 0;
    const shown = page.locator('.cut-here-pictures video[style*="opacity: 1"]');
    // In the middle of the very picture that is rendered into the frame.
    await expect
      .poll(() => shown.evaluate((video: HTMLVideoElement) => video.currentTime), SOON)
      .toBeCloseTo((first + 1.5) / rate, 3);
    await page.keyboard.press('End');
    expect(await frame()).toBe(job.timeline.frames - 1);
    await page.keyboard.press('j');
    await expect.poll(frame, SOON).toBeLessThan(job.timeline.frames - 10);
    await page.keyboard.press('k');
    const stopped = await frame();
    await page.keyboard.press('ArrowUp');
    expect(await frame()).toBeLessThan(stopped);
    await page.keyboard.press('Home');
    await page.keyboard.press('l');
    await page.keyboard.press('l');
    await page.getByText('2 ×').waitFor();
    await expect
      .poll(() => page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.playbackRate), SOON)
      .toBe(2);
    await page.keyboard.press('m');
    expect(await page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.muted)).toBe(true);
    await position(page).fill('8');
    await expect.poll(() => song(page), SOON).toBeGreaterThan(8);
    await page.keyboard.press('f');
    await expect.poll(() => page.evaluate(() => document.fullscreenElement?.className)).toBe('player');
  });

  it('names a clip that can’t be decoded here, and plays the rest', async () => {
    const job = await ask({ clips: CLIPS + 1 });
    await job.plan();
    await using visited = await open(job);
    const { page } = visited;
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    const { cuts, sources } = job.timeline;
    const attic = cuts.findIndex(({ source }) => sources[source]?.file === 'clip04.mp4');
    expect(attic).toBeGreaterThanOrEqual(0);
    const plate = page.getByText('plays once it is rendered');
    await page.getByRole('button', { name: new RegExp(`^Cut ${attic + 1} of `) }).click();
    await plate.waitFor();
    expect(await plate.textContent()).toContain('clip04.mp4');
    const other = cuts.findIndex(({ source }) => sources[source]?.file === 'clip00.mp4');
    await page.getByRole('button', { name: new RegExp(`^Cut ${other + 1} of `) }).click();
    await plate.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: new RegExp(`^Cut ${attic + 1} of `) }).click();
    await plate.waitFor();
    await job.render([attic]);
    await plate.waitFor({ state: 'detached' });
    expect(await axeViolations(page)).toEqual([]);
  });

  it('goes by the machine’s own clock where the song can’t be decoded', async () => {
    const job = await ask();
    await job.plan();
    await using visited = await open(job, { locale: 'de-DE' });
    const { page } = visited;
    const broken = join(stand.folder, 'broken.txt');
    await writeFile(broken, 'no song '.repeat(1000));
    await page.route('**/v1/media/music/**', (route) => route.fulfill({ path: broken, contentType: 'audio/mpeg' }));
    await page.reload();
    await page.getByText('Dieser Browser kann song.mp3 nicht abspielen.').waitFor();
    await page.keyboard.press(' ');
    const stelle = page.getByRole('slider', { name: 'Stelle' });
    await expect.poll(async () => Number(await stelle.inputValue()), SOON).toBeGreaterThan(1);
    expect(await axeViolations(page)).toEqual([]);
  });
});
