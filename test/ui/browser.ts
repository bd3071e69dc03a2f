import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PROGRAM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Why no test can be made in a browser; null when one can. */
export const browserMissing = existsSync(PROGRAM) ? null : `there is no Chromium at ${PROGRAM}; set CHROMIUM_PATH`;

/** A real Chromium. As root it can't make the sandbox that it would run pages in. */
export const startBrowser = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: PROGRAM,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', ...more],
  });

/** A page of a person of its own, and everything that went wrong in it. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: scripts that threw, and what the policy blocked. */
  readonly complaints: string[];
}

/** Opens an address as a new person would, in English and light unless said otherwise. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    colorScheme: 'light',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, context, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Files and folders of this machine, dropped onto the page as a person's hand does. */
export async function drop({ context, page }: Visit, paths: readonly string[]): Promise<void> {
  const session = await context.newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  const isTaken = page.locator('.drop-over');
  await drag('dragEnter');
  // A hand goes on moving until the page says that it takes them.
  do await drag('dragOver');
  while (!(await isTaken.isVisible()));
  await drag('dragOver');
  await drag('drop');
  await isTaken.waitFor({ state: 'detached' });
  await session.detach();
}

/** What axe finds wrong, in light and in dark, as lines; none when all is well. */
export async function axeViolations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // The policy lets no script be written into the page, so axe is run by the browser itself.
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { axe: checker } = globalThis as unknown as { axe: typeof axe };
      const { violations: all } = await checker.run(document, { resultTypes: ['violations'] });
      return all.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    });
    found.push(...violations.map((violation) => `${colorScheme}: ${violation}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}
