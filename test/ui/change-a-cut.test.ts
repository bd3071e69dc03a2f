import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { moveTo } from '../../functions/ui/page/change/move-to.ts';
import { germanShot } from '../../functions/ui/page/words/german-why.ts';
import { Refused } from '../../shared/api/client.ts';
import { applyChange } from '../../shared/edits/apply.ts';
import type { CutChange } from '../../shared/edits/change.ts';
import { secondsAt } from '../../shared/frame-rate.ts';
import { hasEnded } from '../../shared/job.ts';
import type { Cut, Timeline } from '../../shared/timeline.ts';
import { axeViolations, browserMissing, type Visit } from './browser.ts';
import { PageStand } from './page-stand.ts';

let stand: PageStand;

const LONG_MS = 90_000;
/** What is seen before anything goes to the server, on a machine that is busy. */
const AT_ONCE = { timeout: 5000, interval: 50 };
/** What has to go to the server and back. */
const SOON = { timeout: 30_000, interval: 200 };
const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';

describe.skipIf(browserMissing)(`changing a cut on the page${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start();
    const shots = (seed: number) => [0, 1].map((i) => ({ frames: 100, seed: seed + i }));
    const small = { width: 160, height: 90 } as const;
    await stand.bringClip('Holiday', { ...small, name: 'beach.mp4', scenes: shots(1) });
    await stand.bringClip('Holiday', { ...small, name: 'garden.mp4', scenes: shots(3) });
    await stand.bringClip('Holiday', { ...small, name: 'harbour.mp4', scenes: shots(5) });
    // No browser decodes this any more.
    await stand.bringClip('Holiday', { ...small, name: 'attic.mkv', scenes: shots(7), codec: 'mpeg4' });
    await stand.bringSong('Sunrise Drive', 8);
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  afterEach(async () => {
    for (const job of await stand.client.jobs()) {
      if (hasEnded(job)) continue;
      await stand.client.cancel(job.id).catch((error: unknown) => {
        // It is done by now.
        if (!(error instanceof Refused && error.status === 409)) throw error;
      });
    }
  });

  /** A planned montage of its own; it can be changed while it is still being rendered. */
  async function montage(name: string): Promise<string> {
    const clips = ['beach.mp4', 'garden.mp4', 'harbour.mp4', 'attic.mkv'].map((file) => `Holiday/${file}`);
    const { id } = await stand.client.createJob({ footageSet: 'Holiday', clips, quality: 'preview', name }, name);
    await expect
      .poll(async () => (await stand.client.job(id)).segments, { timeout: LONG_MS, interval: 200 })
      .not.toBeNull();
    return id;
  }
  const finished = (job: string, revision: number) =>
    expect
      .poll(async () => (await stand.client.job(job)).finishedRevision, { timeout: LONG_MS, interval: 300 })
      .toBe(revision);
  const revisions = async (job: string) =>
    (await stand.client.call('listRevisions', { parameters: { job } })).body.revisions.map(({ from, changes }) => ({
      from,
      changes,
    }));
  /** As soon as it is planned. */
  async function timelineOf(job: string, revision: number): Promise<Timeline> {
    const parameters = { job, revision };
    await expect.poll(async () => (await stand.client.call('showTimeline', { parameters })).status, SOON).toBe(200);
    return (await stand.client.call('showTimeline', { parameters })).body as Timeline;
  }
  /** By how many frames cuts were slipped in all. */
  const slipsOf = async (job: string) =>
    (await revisions(job))
      .flatMap(({ changes }) => changes)
      .reduce((sum, change) => sum + (change.kind === 'slip' ? change.frames : 0), 0);
  const open = (job: string, options?: BrowserContextOptions) => stand.visit(`/jobs/${job}`, options);
  const cut = (page: Page, number: number): Locator =>
    page.getByRole('button', { name: new RegExp(`^(Cut|Schnitt) ${number} (of|von) `) });
  const label = (page: Page, number: number) => cut(page, number).getAttribute('aria-label');
  const works = (timeline: Timeline, change: CutChange): boolean => {
    try {
      applyChange(timeline, change);
      return true;
    } catch {
      return false;
    }
  };
  /** The number of the first cut from the second on that a change can be made of. */
  const first = (timeline: Timeline, change: (index: number) => CutChange): number => {
    const index = timeline.cuts.findIndex((_, i) => i > 0 && works(timeline, change(i)));
    if (index < 0) throw new Error('the timeline has no such cut');
    return index + 1;
  };

  it('swaps and locks, is seen at once, undone by key and after the page was closed', async () => {
    const job = await montage('swapped');
    const before = await timelineOf(job, 1);
    const number = first(before, (i) => ({ kind: 'swap', cut: i, alternative: 0 }));
    const wanted = before.cuts[number - 1]?.alternatives[0];
    await using visited = await open(job);
    const { page, complaints } = visited;
    await cut(page, number).click();
    const panel = page.getByRole('region', { name: `Cut ${number} of ${before.cuts.length}` });
    await panel.getByText('Why this shot').waitFor();
    const was = (await label(page, number)) ?? '';
    expect(was).toContain(before.sources[before.cuts[number - 1]?.source ?? -1]?.file);
    expect(await axeViolations(page)).toEqual([]);

    const moment = panel.getByRole('button', { name: new RegExp(`^${wanted?.file} .*show this instead, number 1$`) });
    await moment.click();
    expect(await panel.getByText(`you chose this moment of ${wanted?.file}`).count()).toBe(1);
    const swapped = await label(page, number);
    await page.keyboard.press('s');
    await expect.poll(() => label(page, number), AT_ONCE).toContain(', locked');
    await panel.getByRole('button', { name: 'A beat later', disabled: true }).click({ force: true });
    expect(await page.getByRole('alert').textContent()).toBe(`Cut ${number} is locked; unlock it to change it`);
    await expect.poll(() => revisions(job), SOON).toHaveLength(3);
    expect((await timelineOf(job, 3)).cuts[number - 1]).toMatchObject({
      ...{ sourceFrame: wanted?.sourceFrame, locked: true },
    });

    await page.keyboard.press('Control+z');
    await expect.poll(() => label(page, number), AT_ONCE).toBe(swapped);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => label(page, number), AT_ONCE).toBe(was);
    // One revision, or two where the first undoing was made before the second was asked for.
    await expect.poll(async () => (await revisions(job)).at(-1), SOON).toEqual({ from: 1, changes: [] });
    await page.reload();
    await cut(page, number).waitFor();
    expect(await label(page, number)).toBe(was);
    await expect
      .poll(() => page.getByRole('button', { name: 'Redo' }).getAttribute('aria-disabled'), SOON)
      .toBe('false');
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => label(page, number), AT_ONCE).toBe(swapped);
    expect(await page.getByRole('button', { name: 'Undo' }).getAttribute('aria-disabled')).toBe('false');
    expect(complaints).toEqual([]);
  });

  it('moves a cut by its edge, to beats or with Alt to frames, as the hand goes; what can’t be springs back and says why', async () => {
    const job = await montage('dragged');
    const before = await timelineOf(job, 1);
    const number = first(before, (i) => ({ kind: 'move', cut: i, by: 1, unit: 'beats' }));
    const to =
      applyChange(before, { kind: 'move', cut: number - 1, by: 1, unit: 'beats' }).cuts[number - 1]?.frame ?? 0;
    const from = before.cuts[number - 1]?.frame ?? 0;
    await using visited = await open(job);
    const { page } = visited;
    await cut(page, number).waitFor();
    const edge = page.locator(`[data-edge="${number - 1}"]`);
    const width = (await page.locator('.cut-row ol').boundingBox())?.width ?? 0;
    const px = (frames: number) => (frames / before.frames) * width;
    const startsAt = (frame: number) => new RegExp(`, 0?${clock(secondsAt(frame, before.frameRate))}, `);

    const delay = await watchDelay(page, number - 1);
    const { x, y } = await grasp(page, edge);
    await page.mouse.move(x + px(to - from) * 0.9, y, { steps: 12 });
    await expect.poll(() => label(page, number), AT_ONCE).toMatch(startsAt(to));
    expect(await revisions(job)).toHaveLength(1);
    await page.mouse.up();
    expect(await delay()).toBeLessThan(100);
    await expect.poll(() => revisions(job), SOON).toHaveLength(2);
    expect((await revisions(job))[1]?.changes).toEqual([moveTo(before, number - 1, to)]);

    const now = await timelineOf(job, 2);
    await page.keyboard.down('Alt');
    const again = await grasp(page, edge);
    await page.mouse.move(again.x - px(2), again.y, { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up('Alt');
    await expect.poll(() => revisions(job), SOON).toHaveLength(3);
    expect((await revisions(job))[2]?.changes).toEqual([{ kind: 'move', cut: number - 1, by: -2, unit: 'frames' }]);

    const held = await grasp(page, edge);
    await page.mouse.move(held.x + px(now.frames), held.y, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(/can't start so late|isn't long enough/);
    expect(await label(page, number)).toMatch(startsAt(to - 2));
    expect(await revisions(job)).toHaveLength(3);
  });

  it('slips a cut as its picture is pulled, and shows the moment under the hand', async () => {
    const job = await montage('pulled');
    const before = await timelineOf(job, 1);
    const isDecoded = (i: number) => before.sources[before.cuts[i]?.source ?? -1]?.file !== 'attic.mkv';
    const number = first(before, (i) => ({ kind: 'slip', cut: isDecoded(i) ? i : -1, frames: 5 }));
    const was = before.cuts[number - 1]?.sourceFrame ?? 0;
    const after = applyChange(before, { kind: 'slip', cut: number - 1, frames: 5 }).cuts[number - 1]?.sourceFrame ?? 0;
    await using visited = await open(job);
    const { page } = visited;
    await cut(page, number).click();
    const picture = page.locator('.slip-picture');
    const shown = () => picture.locator('video').evaluate((video) => (video as HTMLVideoElement).currentTime);
    const at = (frame: number) => secondsAt(frame + 0.5, before.frameRate);
    await expect.poll(shown, SOON).toBeCloseTo(at(was), 2);
    const { x, y } = await grasp(page, picture);
    await page.mouse.move(x - 20, y, { steps: 5 });
    await expect.poll(shown, SOON).toBeCloseTo(at(after), 2);
    expect(await revisions(job)).toHaveLength(1);
    await page.mouse.up();
    await expect.poll(() => revisions(job), SOON).toHaveLength(2);
    expect((await revisions(job))[1]?.changes).toEqual([{ kind: 'slip', cut: number - 1, frames: after - was }]);
  });

  it('sends what is changed while a change is under way together, when it is made', async () => {
    const job = await montage('queued');
    await using visited = await open(job);
    const { page } = visited;
    await cut(page, 4).waitFor();
    let letGo = () => {};
    const waiting = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route('**/revisions/2', async (route) => {
      await waiting;
      await route.continue();
    });
    for (const number of [2, 3, 4]) {
      await cut(page, number).click();
      await page.keyboard.press('s');
      await expect.poll(() => label(page, number), AT_ONCE).toContain(', locked');
    }
    await page.keyboard.press('Control+z');
    await expect.poll(() => label(page, 4), AT_ONCE).not.toContain(', locked');
    await page.keyboard.press('Control+Shift+z');
    await page.getByText('Being planned, 2 more changes wait').waitFor();
    letGo();
    await expect.poll(() => revisions(job), SOON).toHaveLength(3);
    const lock = (number: number) => ({ kind: 'lock', cut: number - 1, locked: true });
    expect((await revisions(job)).slice(1)).toEqual([
      { from: 1, changes: [lock(2)] },
      { from: 2, changes: [lock(3), lock(4)] },
    ]);
  });

  it('says that somebody else was first, shows theirs, and does mine again where it works', async () => {
    const job = await montage('contested');
    await using one = await open(job);
    await using other = await open(job);
    await cut(one.page, 2).click();
    await cut(other.page, 3).click();
    await one.page.keyboard.press('s');
    await expect.poll(() => revisions(job), SOON).toHaveLength(2);
    await other.page.keyboard.press('s');
    await other.page.getByText('Somebody else has changed this montage meanwhile').waitFor();
    await expect.poll(() => label(other.page, 2), SOON).toContain(', locked');
    expect(await label(other.page, 3)).not.toContain(', locked');
    await other.page.getByText('cut 3: locked', { exact: true }).first().waitFor();
    expect(await axeViolations(other.page)).toEqual([]);
    await other.page.getByRole('button', { name: 'Do mine again' }).click();
    await expect.poll(() => label(other.page, 3), AT_ONCE).toContain(', locked');
    await expect.poll(() => revisions(job), SOON).toHaveLength(3);
    expect((await revisions(job))[2]).toEqual({ from: 2, changes: [{ kind: 'lock', cut: 2, locked: true }] });
    expect(await label(other.page, 2)).toContain(', locked');
    expect(await other.page.getByText('Somebody else has changed').count()).toBe(0);
  });

  it('keeps changes while the server is away', async () => {
    const job = await montage('away');
    await using visited = await open(job);
    const { page } = visited;
    let isGone = false;
    await page.route('**/v1/**', (route) => (isGone ? route.abort('connectionrefused') : route.continue()));
    await page.reload();
    await cut(page, 2).click();
    isGone = true;
    await page.keyboard.press('s');
    await page.getByText('Your changes are kept here').waitFor();
    expect(await label(page, 2)).toContain(', locked');
    isGone = false;
    await expect.poll(() => revisions(job), SOON).toHaveLength(2);
    await expect.poll(() => page.getByText('Your changes are kept here').count(), SOON).toBe(0);
  });

  it('plans another style around a locked cut, and goes back from it', async () => {
    const job = await montage('restyled');
    const before = await timelineOf(job, 1);
    await using visited = await open(job);
    const { page } = visited;
    await cut(page, 3).click();
    await page.keyboard.press('s');
    await expect.poll(() => revisions(job), SOON).toHaveLength(2);
    expect(await page.getByRole('radio', { name: 'Dynamic' }).isChecked()).toBe(true);
    expect(await page.getByLabel('Quality').inputValue()).toBe('preview');
    expect(await page.getByRole('button', { name: 'Make it so' }).count()).toBe(0);
    await page.getByRole('radio', { name: 'MTV' }).check();
    await page.getByText('This montage as: MTV. 1 locked cut stays.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make it so' }).click();
    await expect.poll(() => revisions(job), SOON).toHaveLength(3);
    const after = await timelineOf(job, 3);
    expect(after.style.id).toBe('mtv');
    const { frame, sourceFrame } = before.cuts[2] ?? {};
    expect(after.cuts.filter(({ locked }) => locked)).toMatchObject([{ frame, sourceFrame }]);
    const place = after.cuts.findIndex(({ locked }) => locked) + 1;
    await expect.poll(() => label(page, place), AT_ONCE).toContain(', locked');
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.getByRole('radio', { name: 'Dynamic' }).isChecked(), SOON).toBe(true);
    await expect.poll(() => label(page, 3), SOON).toContain(', locked');
    await page.getByRole('button', { name: 'New montage' }).click();
    expect(await page.getByLabel('Quality').inputValue()).toBe('standard');
  });

  it('comes into view when a cut is opened, and leaves the stage in view when it is only stepped to', async () => {
    const job = await montage('view');
    await using visited = await open(job, { viewport: { width: 1280, height: 720 } });
    const { page } = visited;
    await cut(page, 2).waitFor();
    const panel = page.locator('.cut-panel');
    const hidden = () => panel.evaluate((element) => element.getBoundingClientRect().bottom - innerHeight);
    const scrolled = () => page.evaluate(() => scrollY);
    /** How much of it is in view, 0 to 1. */
    const inView = (selector: string) =>
      page.locator(selector).evaluate((element) => {
        const { top, bottom, height } = element.getBoundingClientRect();
        return Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0)) / height;
      });
    await page.keyboard.press('ArrowDown');
    await panel.waitFor();
    await page.waitForTimeout(600);
    expect(await scrolled()).toBe(0);
    expect(await hidden()).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    // Both can't be seen whole in a window as low as this: the picture that is changed stays in view.
    await expect.poll(() => inView('.cut-panel'), SOON).toBeGreaterThan(0.3);
    await page.waitForTimeout(600);
    expect(await inView('#stage')).toBeGreaterThan(0.55);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 1280, height: 1100 });
    await page.evaluate(() => scrollTo(0, 0));
    await page.keyboard.press('Enter');
    await expect.poll(hidden, SOON).toBeLessThanOrEqual(0);
  });

  it('moves nothing beneath the picture while a montage and a change of it are finished', async () => {
    const job = await montage('calm');
    await using visited = await open(job);
    const { page } = visited;
    await cut(page, 2).waitFor();
    const heights = await page.locator('#stage').evaluateHandle((stage) => {
      const seen = new Set<number>();
      new ResizeObserver(() => seen.add(stage.getBoundingClientRect().height)).observe(stage);
      return seen;
    });
    const plays = (revision: number) => page.locator(`#stage video[src*="revision=${revision}"]`).waitFor();
    await finished(job, 1);
    await plays(1);
    const swap = first(await timelineOf(job, 1), (i) => ({ kind: 'swap', cut: i, alternative: 0 }));
    await cut(page, swap).click();
    await page.getByRole('button', { name: /show this instead, number 1$/ }).click();
    await finished(job, 2);
    await plays(2);
    await page.locator('#stage').getByText('Done', { exact: true }).waitFor();
    expect(await heights.evaluate((seen) => [...seen])).toHaveLength(1);
  });

  it('can be done with the keyboard alone, and tells what it did', async () => {
    const job = await montage('keys');
    const before = await timelineOf(job, 1);
    const slipped = first(before, (i) => ({ kind: 'slip', cut: i, frames: 1 }));
    await using visited = await open(job);
    const { page } = visited;
    await cut(page, 1).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    for (let i = 0; i < 40 && !(await focused()).startsWith('Cut 1 of'); i += 1) await page.keyboard.press('Tab');
    for (let i = 1; i < slipped; i += 1) {
      await page.keyboard.press('ArrowDown');
      await expect.poll(focused, AT_ONCE).toMatch(new RegExp(`^Cut ${i + 1} of`));
    }
    const panel = page.getByRole('region', { name: `Cut ${slipped} of` });
    await panel.waitFor();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('.');
    await page.getByRole('status').getByText(`cut ${slipped}: `).waitFor();
    await expect.poll(() => slipsOf(job), SOON).toBe(3);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.cut-panel') !== null)).toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(() => label(page, slipped), AT_ONCE).toContain(', locked');
    await page.keyboard.press('Escape');
    await expect.poll(focused, AT_ONCE).toMatch(new RegExp(`^Cut ${slipped} of`));
    expect(await panel.count()).toBe(0);
    await page.keyboard.press('Enter');
    await panel.waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Start the cut a beat earlier').waitFor();
  });

  it('makes the pictures of the cuts from the clips, and shows a plain tile for one that it can’t decode', async () => {
    const job = await montage('pictures');
    const { cuts, sources: clips } = await timelineOf(job, 1);
    const plain = cuts.flatMap(({ source }, i) => (clips[source]?.file === 'attic.mkv' ? [i] : []));
    const decoded = cuts.length - plain.length;
    expect(Math.min(plain.length, decoded)).toBeGreaterThan(0);
    await using visited = await open(job);
    const { page } = visited;
    const pictures = page.locator('.cut img');
    await expect.poll(() => pictures.count(), { timeout: 20_000 }).toBe(decoded);
    // Made here: none is a file of the server's.
    const sources = await pictures.evaluateAll((all: HTMLImageElement[]) => all.map(({ src }) => src));
    expect(sources.filter((source) => !source.startsWith('blob:'))).toEqual([]);
    await cut(page, (plain[0] ?? 0) + 1).click();
    await page.getByText('This browser can’t show this clip.').waitFor();
  });

  it('lists what it was before, in words, and plays two of them side by side in step', async () => {
    const job = await montage('before');
    await finished(job, 1);
    await using visited = await open(job);
    const { page, complaints } = visited;
    await cut(page, 2).click();
    await page.keyboard.press('s');
    await finished(job, 2);
    await page.keyboard.press('b');
    const panel = page.getByRole('dialog', { name: 'Before' });
    await panel.getByText('cut 2: locked').waitFor();
    await panel.getByText('as first planned').waitFor();
    const link = panel.getByRole('link', { name: 'Video (mp4) of version 1' });
    expect(await link.getAttribute('href')).toBe(`/v1/jobs/${job}/output/montage.mp4?revision=1&save=true`);
    expect(await axeViolations(page)).toEqual([]);
    await panel.getByRole('checkbox', { name: 'Side by side: version 1' }).check();
    await panel.getByText('Choose another one to see beside it.').waitFor();
    await panel.getByRole('checkbox', { name: 'Side by side: version 2' }).click();
    const both = page.getByRole('region', { name: 'Versions 1 and 2 side by side' });
    await both.waitFor();
    const times = () =>
      both.locator('video').evaluateAll((all) => all.map((video) => (video as HTMLVideoElement).currentTime));
    const readiness = () =>
      both.locator('video').evaluateAll((all) => all.map((video) => (video as HTMLVideoElement).readyState));
    await expect.poll(readiness, SOON).toEqual([4, 4]);
    await page.keyboard.press(' ');
    await expect.poll(async () => Math.min(...(await times())), SOON).toBeGreaterThan(2);
    const apart = async () => {
      const [left = 0, right = 0] = await times();
      return Math.abs(left - right);
    };
    await expect.poll(apart, AT_ONCE).toBeLessThan(1 / 25);
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('k');
    const [stood = 0, beside = 1] = await times();
    expect(stood).toBe(beside);
    await page.keyboard.press('ArrowRight');
    expect((await times()).map((seconds) => seconds > stood && seconds < stood + 0.09)).toEqual([true, true]);
    await page.keyboard.press('Escape');
    await expect.poll(() => both.count(), AT_ONCE).toBe(0);
    await page.keyboard.press('b');
    await panel.getByRole('button', { name: 'Go back to version 1' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => label(page, 2), AT_ONCE).not.toContain(', locked');
    expect(complaints).toEqual([]);
  });

  it('speaks German on a phone, where a thumb moves the open cut’s edge', async () => {
    const job = await montage('phone');
    const before = await timelineOf(job, 1);
    const number = first(before, (i) => ({ kind: 'move', cut: i, by: 1, unit: 'beats' }));
    const phone = { locale: 'de-DE', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    await using visited = await open(job, phone);
    const { page } = visited;
    await cut(page, number).tap();
    const { why, source } = before.cuts[number - 1] as Cut;
    const whyShot = why && germanShot(why.shot, before.sources[source]?.file ?? '');
    const panel = page.getByRole('region', { name: `Schnitt ${number} von` });
    await panel.getByText('Warum diese Einstellung').waitFor();
    expect(await panel.locator('.cut-why').textContent()).toContain(whyShot);
    const low = await page
      .locator('button:visible:not(.cut), select:visible, a.plain:visible')
      .evaluateAll((all) =>
        all.filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML),
      );
    expect(low).toEqual([]);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await wide()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    await touchDrag(visited, page.locator(`[data-edge="${number - 1}"]`), async (width) => {
      const to = applyChange(before, { kind: 'move', cut: number - 1, by: 1, unit: 'beats' }).cuts[number - 1];
      return (((to?.frame ?? 0) - (before.cuts[number - 1]?.frame ?? 0)) / before.frames) * width;
    });
    await expect.poll(() => revisions(job), SOON).toHaveLength(2);
    expect((await revisions(job))[1]?.changes).toEqual([{ kind: 'move', cut: number - 1, by: 1, unit: 'beats' }]);
    await panel.getByRole('button', { name: 'Sperren' }).tap();
    await expect.poll(() => label(page, number), AT_ONCE).toContain(', gesperrt');
  });
});

/** `0:02.000` with what is special in a pattern escaped. */
const clock = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(3).padStart(6, '0')}`.replace('.', '\\.');

/** Measures how long after the hand has moved the row is drawn; gives how to ask for the shortest time, in milliseconds: what else runs here adds to it. */
async function watchDelay(page: Page, index: number): Promise<() => Promise<number>> {
  await page.evaluate((at) => {
    const item = document.querySelectorAll('.cut-row li')[at] as Element;
    const delays: number[] = [];
    Object.assign(globalThis, { delays });
    let moved = 0;
    addEventListener(
      'pointermove',
      ({ timeStamp }) => {
        moved = timeStamp;
      },
      { capture: true },
    );
    new MutationObserver(() => {
      const from = moved;
      requestAnimationFrame(() => delays.push(performance.now() - from));
    }).observe(item, { attributes: true, attributeFilter: ['style'] });
  }, index);
  return async () => {
    const delays = await page.evaluate(() => (globalThis as unknown as { delays: number[] }).delays);
    if (delays.length === 0) throw new Error('the row was never drawn');
    return Math.min(...delays);
  };
}

/** Takes something that may be moving about while the page fills, and gives where the hand is then. */
async function grasp(page: Page, what: Locator): Promise<{ x: number; y: number }> {
  await what.hover();
  const box = await what.boundingBox();
  if (!box) throw new Error('it is not seen');
  await page.mouse.down();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drags something sideways with a finger. */
async function touchDrag(
  { context, page }: Visit,
  what: Locator,
  distance: (rowWidth: number) => Promise<number>,
): Promise<void> {
  await what.scrollIntoViewIfNeeded();
  const box = await what.boundingBox();
  if (!box) throw new Error('it is not seen');
  const by = await distance((await page.locator('.cut-row ol').boundingBox())?.width ?? 0);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const session = await context.newCDPSession(page);
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
  for (let i = 1; i <= 8; i += 1)
    await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: x + (by * i) / 8, y }] });
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
}
