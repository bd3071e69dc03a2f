import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { buildPage } from '../../functions/ui/build.ts';
import { type Runtime, startRuntime } from '../../knative/local/runtime.ts';
import { Client } from '../../shared/api/client.ts';
import { readConfig } from '../../shared/config.ts';
import { previewOf } from '../../shared/preview-hash.ts';
import { builtInStyles } from '../../shared/styles/built-in.ts';
import { FolderStore } from '../../storage/folder.ts';
import { failPreview } from '../../storage/previews.ts';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';
import { startBrowser, type Visit, visit } from './browser.ts';

/** The page and the whole local runtime over a folder of their own, and a real Chromium to look at them. */
export class PageStand implements AsyncDisposable {
  readonly folder: string;
  readonly store: FolderStore;
  readonly runtime: Runtime;
  readonly client: Client;
  readonly browser: Browser;

  private constructor(folder: string, store: FolderStore, runtime: Runtime, browser: Browser) {
    this.folder = folder;
    this.store = store;
    this.runtime = runtime;
    this.client = new Client(runtime);
    this.browser = browser;
  }

  /** `works: false`: what is asked for is left for a test to do by hand. */
  static async start({
    works = true,
    port = 0,
    settings = {} as Readonly<Record<string, string>>,
  } = {}): Promise<PageStand> {
    await buildPage();
    const folder = await mkdtemp(join(tmpdir(), 'montage-page-'));
    const data = join(folder, 'data');
    const store = new FolderStore(data);
    await store.prepare();
    // Whoever opens the page wants previews: painting them would take the processors from what is tested.
    if (works) for (const style of builtInStyles()) await failPreview(store, previewOf(style), 'No test', new Date());
    const config = readConfig({ MONTAGE_DATA: data, ...settings });
    const runtime = await startRuntime({ store, config, port, works, onLog: () => {} });
    return new PageStand(folder, store, runtime, await startBrowser());
  }

  /** Puts a clip into a set. */
  async bringClip(set: string, clip: Parameters<typeof makeClip>[1] & { name: string }): Promise<void> {
    const { path } = await makeClip(this.folder, { audio: null, ...clip });
    await this.store.putFileOnce('input', `${set}/${clip.name}`, path);
  }

  /** Puts a song of 120 beats a minute there. */
  async bringSong(name: string, bars: number): Promise<void> {
    const { path } = await makeSong(this.folder, { name, tempo: 120, bars, format: 'mp3' });
    await this.store.putFileOnce('music', `${name}.mp3`, path);
  }

  /** Opens an address of the page as a new person would. */
  visit(path = '/', options?: BrowserContextOptions): Promise<Visit> {
    return visit(this.browser, `${this.runtime.url}${path}`, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.runtime.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
