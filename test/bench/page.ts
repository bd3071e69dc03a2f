/**
 * `npm run bench:page`: how quick the page is in a real Chromium, in one run on this machine. Ends with 1 when a mark is missed.
 * Times of the first view are for a processor four times slower.
 */
import { execFile } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { link, open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { footage, wholeSong } from '../functions/plan/analyses.ts';
import { makeClip } from '../media/clip.ts';
import { browserMissing, type Visit } from '../ui/browser.ts';
import { HandMadeJob } from '../ui/hand-made-job.ts';
import { PageStand } from '../ui/page-stand.ts';
import {
  allMet,
  asRatio,
  atLeast,
  atMost,
  inKilobytes,
  inMilliseconds,
  median,
  say,
  seconds,
  told,
} from './figures.ts';

const run = promisify(execFile);

const TURNS = 3;
const SLOWER = 4;
const MOST_SCRIPT_BYTES = 120_000;
const MOST_FIRST_VIEW_MS = 1500;
/** Long after a page has opened. */
const SETTLED_MS = 5000;
const UPLOAD_BYTES = 200e6;
const LEAST_UPLOAD_RATIO = 0.8;
/** 400 Mbit/s: the upload of fast fibre, or of a good wireless network at home. */
const LINE_BYTES_PER_SECOND = 50e6;
const CLIPS = 500;
const MOST_FRAME_MS = 50;
const MOST_THUMBNAIL_MS = 1000;

if (browserMissing) {
  console.error(`The page can't be measured: ${browserMissing}`);
  process.exit(2);
}
await using stand = await PageStand.start({ works: false });
await firstView();
await upload();
await scrolling();
await thumbnail();
process.exitCode = allMet() ? 0 : 1;

/** As a new person's browser gets it: nothing kept, and a slow processor. */
async function firstView(): Promise<void> {
  const views: { scriptBytes: number; paintMs: number; interactiveMs: number }[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    await using visited = await stand.visit('/health');
    const { page } = visited;
    const session = await visited.context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.addInitScript(() => {
      const opening: Opening = { longTasks: [], usableMs: Number.NaN };
      Object.assign(globalThis, { opening });
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) opening.longTasks.push(startTime + duration);
      }).observe({ type: 'longtask', buffered: true });
      // By the page's own clock: asked from outside it would be known half a second later, and cost the page time.
      const shown = new MutationObserver(() => {
        if (!document.querySelector('.style-card')) return;
        shown.disconnect();
        requestAnimationFrame(() =>
          setTimeout(() => {
            opening.usableMs = performance.now();
          }),
        );
      });
      shown.observe(document, { childList: true, subtree: true });
    });
    await page.goto(stand.runtime.url);
    // Long tasks are reported after they have ended.
    await page.waitForTimeout(SETTLED_MS);
    await page.locator('.style-card').first().waitFor();
    views.push(
      await page.evaluate(() => {
        const { longTasks, usableMs } = (globalThis as unknown as { opening: Opening }).opening;
        const [paint] = performance.getEntriesByName('first-contentful-paint');
        const scripts = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) =>
          /\.js($|\?)/.test(name),
        );
        return {
          scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
          paintMs: paint?.startTime ?? Number.NaN,
          interactiveMs: Math.max(usableMs, ...longTasks),
        };
      }),
    );
  }
  const of = (what: keyof (typeof views)[number]) => median(views.map((view) => view[what]));
  say(
    atMost('script of the first view, compressed', of('scriptBytes'), MOST_SCRIPT_BYTES, inKilobytes),
    atMost('first view', of('paintMs'), MOST_FIRST_VIEW_MS, inMilliseconds),
    atMost('until all can be used', of('interactiveMs'), MOST_FIRST_VIEW_MS, inMilliseconds),
  );
}

interface Opening {
  /** When each task ended that nothing could be done beside. */
  longTasks: number[];
  /** When the cards had been painted. */
  usableMs: number;
}

/**
 * One large file by the page, and by curl to where the API lets it be put; in turns, so that both meet the same machine. On a fast line,
 * which is what is judged, and on none at all: browser and server then have to share the processor that both are bound by.
 */
async function upload(): Promise<void> {
  const speed = (took: number) => `${Math.round(UPLOAD_BYTES / 1e6 / took)} MB/s`;
  const [page, curl] = await uploads(LINE_BYTES_PER_SECOND);
  const [pageHere, curlHere] = await uploads(null);
  say(
    told('upload by the page, on a line of 400 Mbit/s', speed(page)),
    told('upload by curl, on the same', speed(curl)),
    atLeast('upload by the page ÷ by curl', curl / page, LEAST_UPLOAD_RATIO, asRatio),
    told('the same on one computer, with no line between', asRatio(curlHere / pageHere)),
    told('upload by the page, on one computer', speed(pageHere)),
  );
}

/** Seconds that the page and curl take for a file, on a line of so many bytes a second. */
async function uploads(line: number | null): Promise<[byPage: number, byCurl: number]> {
  const byPage: number[] = [];
  const byCurl: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const name = `Large ${turn} ${line ? 'far' : 'near'}`;
    const path = join(stand.folder, `${name}.mp4`);
    await writeNoise(path, UPLOAD_BYTES);
    await using visited = await stand.visit();
    const { page } = visited;
    await page.locator('.style-card').first().waitFor();
    // A set that the page has to name itself waits three seconds for another name.
    await page.getByLabel('Name of the set').fill(name);
    await page.keyboard.press('Enter');
    const throttled = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: line ?? -1 };
    const session = await visited.context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', throttled);
    byPage.push(
      await seconds(async () => {
        await page.locator('input[type="file"]').first().setInputFiles(path);
        // Looked for each frame: a locator looks every half second, which is as much as a tenth of what is measured.
        const isSent = () => /Sent|Looking for shots/.test(document.querySelector('.clip')?.textContent ?? '');
        await page.waitForFunction(isSent, null, { polling: 'raf', timeout: 300_000 });
      }),
    );
    const url = await stand.client.uploadUrl('input', `curl/${name}.mp4`);
    const limit = line ? ['--limit-rate', String(line)] : [];
    byCurl.push(await seconds(() => run('curl', ['--silent', '--fail', ...limit, '--upload-file', path, url])));
  }
  return [median(byPage), median(byCurl)];
}

async function writeNoise(path: string, bytes: number): Promise<void> {
  await using file = await open(path, 'w');
  const chunk = Buffer.alloc(1 << 20);
  for (let written = 0; written < bytes; written += chunk.length) await file.write(randomFillSync(chunk));
}

/** A set of many clips, scrolled through from its first to its last as a wheel does. */
async function scrolling(): Promise<void> {
  const { path } = await makeClip(stand.folder, { name: 'many.mp4', width: 320, height: 180, seconds: 2, audio: null });
  for (let i = 0; i < CLIPS; i += 1) {
    const copy = join(stand.folder, `many-${i}.mp4`);
    await link(path, copy);
    await stand.store.putFileOnce('input', `Many/clip ${String(i).padStart(3, '0')}.mp4`, copy);
  }
  const longest: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    await using visited = await stand.visit();
    await visited.page.getByLabel('Set of clips').selectOption('Many');
    await visited.page
      .locator('.clip')
      .nth(CLIPS - 1)
      .waitFor({ state: 'attached' });
    longest.push(await longestFrame(visited));
  }
  say(atMost(`longest frame, scrolling ${CLIPS} clips`, median(longest), MOST_FRAME_MS, inMilliseconds));
}

async function longestFrame({ context, page }: Visit): Promise<number> {
  await page.evaluate(() => {
    const frames = { longest: 0, last: performance.now() };
    Object.assign(globalThis, { frames });
    const next = (now: number) => {
      frames.longest = Math.max(frames.longest, now - frames.last);
      frames.last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  const session = await context.newCDPSession(page);
  const reset = () => page.evaluate(() => Object.assign((globalThis as unknown as Framed).frames, { longest: 0 }));
  await reset();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await session.send('Input.synthesizeScrollGesture', { x: 700, y: 500, yDistance: -height, speed: 3000 });
  return await page.evaluate(() => (globalThis as unknown as Framed).frames.longest);
}

interface Framed {
  frames: { longest: number };
}

/** From a rendered piece's object to its cut's being shown as finished. */
async function thumbnail(): Promise<void> {
  for (const [i, name] of ['clip00.mp4', 'clip01.mp4'].entries())
    await stand.bringClip('holiday', { name, width: 640, height: 360, seconds: 12, seed: i + 1 });
  await stand.bringSong('song', 4);
  const clip = footage([{ seconds: 12 }], { width: 640, height: 360, hasAudio: false });
  const job = await HandMadeJob.ask(stand.store, stand.client, { clips: [clip, clip], music: wholeSong(8) });
  await job.plan();
  await using visited = await stand.visit(`/jobs/${job.id}`);
  const { page } = visited;
  await page.locator('.cut.outlined img').first().waitFor();
  const waits: number[] = [];
  for (let piece = 0; piece < TURNS; piece += 1) {
    const solid = shownSolid(page, piece);
    await job.render([piece]);
    const written = performance.now();
    waits.push(Math.max(0, (await solid) - written));
  }
  say(atMost('from a piece’s object to its picture', median(waits), MOST_THUMBNAIL_MS, inMilliseconds));
}

async function shownSolid(page: Page, piece: number): Promise<number> {
  await page.locator('.cut').nth(piece).and(page.locator('.solid')).waitFor();
  return performance.now();
}
