import { type BigIntStats, type FSWatcher, watch as watchPath } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { log } from '../shared/log.ts';
import { sentenceOf } from '../shared/refusal.ts';
import { isMissing } from './folder-errors.ts';
import { isSettled } from './folder-etags.ts';
import { isHiddenPart } from './object-key.ts';
import type { Arrival } from './store.ts';

/**
 * A file that somebody copies is taken as whole when size and time were the same at this many looks, together a second. Looks are
 * counted rather than time, so that a machine that stands still for a while doesn't end a copy.
 */
const QUIET_LOOKS = 5;
const LOOK_AGAIN_MILLISECONDS = 200;
/** The safety net: everything is looked through again, faster where the system refuses to watch a folder. */
const RELIST_MILLISECONDS = 20_000;
const RELIST_UNWATCHED_MILLISECONDS = 2000;

export interface FolderWatchOptions {
  /** Folder of a bucket. */
  folder: string;
  /** People copy files in: report a file only once it has stopped changing. Else every file is whole when it appears. */
  waitsForQuiet: boolean;
  /** True for a file that is known to have been written whole. */
  isWhole: (stats: BigIntStats) => Promise<boolean>;
  /** Info of a key, or null when it has gone. */
  describe: (key: string) => Promise<Arrival | null>;
  onArrival: (arrival: Arrival) => void;
  signal: AbortSignal;
}

/**
 * Reports files that appear or change below a folder.
 *
 * One watcher a folder, set before the folder is read, so that nothing falls between; Node's own recursive watching sets one a
 * file on Linux and may miss what is in a new folder already. A file that has been reported is known by its inode, size and
 * time of change, so several system events for one arrival are one report.
 */
export class FolderWatch {
  readonly #options: FolderWatchOptions;
  /** What was reported, or was there when the watch began: the stamp of each key. */
  readonly #known = new Map<string, string>();
  /** Files that may still be growing: their stamp, and at how many looks it was still the same. */
  readonly #growing = new Map<string, { stamp: string; looks: number }>();
  readonly #watchers = new Map<string, { inode: bigint; watcher: FSWatcher }>();
  #unwatched = false;
  #relistTimer: NodeJS.Timeout | undefined;
  #growingTimer: NodeJS.Timeout | undefined;

  constructor(options: FolderWatchOptions) {
    this.#options = options;
  }

  /** Resolves once every folder is watched. What is there by then is taken as old. */
  async start(): Promise<void> {
    const { signal } = this.#options;
    if (signal.aborted) return;
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    await this.#scan('', 'old');
    this.#relistLater();
  }

  #stop(): void {
    clearTimeout(this.#relistTimer);
    clearTimeout(this.#growingTimer);
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Watches and reads a folder (its key with a slash, or empty for the bucket itself) and all below. Returns the keys it saw. */
  async #scan(folder: string, finds: 'old' | 'new'): Promise<Set<string>> {
    const seen = new Set<string>();
    const path = join(this.#options.folder, folder);
    try {
      await this.#watchFolder(folder, path);
      for (const entry of await readdir(path, { withFileTypes: true })) {
        if (isHiddenPart(entry.name)) continue;
        const key = folder + entry.name;
        if (entry.isDirectory()) for (const below of await this.#scan(`${key}/`, finds)) seen.add(below);
        else {
          seen.add(key);
          await this.#look(key, finds);
        }
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return seen;
  }

  async #watchFolder(folder: string, path: string): Promise<void> {
    const inode = (await stat(path, { bigint: true })).ino;
    const before = this.#watchers.get(folder);
    if (this.#options.signal.aborted || before?.inode === inode) return;
    before?.watcher.close();
    try {
      const watcher = watchPath(path, (_event, name) => {
        // What happens to the folder itself comes without a name, or with the empty one behind its slash.
        if (!name) this.#run(this.#scan(folder, 'new'));
        else if (!isHiddenPart(name)) this.#run(this.#look(folder + name, 'new'));
      });
      watcher.on('error', () => this.#unwatch(folder));
      this.#watchers.set(folder, { inode, watcher });
    } catch (error) {
      // It went since it was found: there is nothing to watch.
      if (isMissing(error)) throw error;
      // Too many watchers for this system (inotify's limit reads "no space"), or a disk that can't be watched.
      if (!this.#unwatched)
        log.warn('A folder cannot be watched and is looked through instead', {
          folder: path,
          reason: sentenceOf(error),
        });
      this.#unwatched = true;
    }
  }

  #unwatch(folder: string): void {
    for (const [name, { watcher }] of this.#watchers) {
      if (!name.startsWith(folder)) continue;
      watcher.close();
      this.#watchers.delete(name);
    }
  }

  /** Decides what is to be said of one name. */
  async #look(key: string, finds: 'old' | 'new'): Promise<void> {
    if (this.#growing.has(key)) return;
    const found = await this.#stampOf(key);
    if (found === 'folder') await this.#scan(`${key}/`, finds);
    if (found === null) this.#forget(key);
    if (found === null || found === 'folder' || this.#known.get(key) === found.stamp) return;
    if (finds === 'old') {
      this.#known.set(key, found.stamp);
    } else if (await this.#mayGrow(found.stats)) {
      this.#growing.set(key, { stamp: found.stamp, looks: 0 });
      this.#lookAgainLater();
    } else {
      await this.#report(key, found.stamp);
    }
  }

  async #mayGrow(stats: BigIntStats): Promise<boolean> {
    return this.#options.waitsForQuiet && !isSettled(stats, Date.now()) && !(await this.#options.isWhole(stats));
  }

  async #lookAtGrowing(): Promise<void> {
    for (const [key, { stamp, looks }] of this.#growing) {
      const found = await this.#stampOf(key);
      if (found === null || found === 'folder') this.#growing.delete(key);
      else if (found.stamp !== stamp) this.#growing.set(key, { stamp: found.stamp, looks: 0 });
      else if (looks + 1 < QUIET_LOOKS && !(await this.#options.isWhole(found.stats)))
        this.#growing.set(key, { stamp, looks: looks + 1 });
      else {
        this.#growing.delete(key);
        // Not awaited: reading one big file must not hold up the others.
        this.#run(this.#report(key, stamp));
      }
    }
  }

  async #report(key: string, stamp: string): Promise<void> {
    if (this.#known.get(key) === stamp) return;
    this.#known.set(key, stamp);
    const arrival = await this.#options.describe(key);
    const after = await this.#stampOf(key);
    if (this.#options.signal.aborted) return;
    if (arrival && after !== null && after !== 'folder' && after.stamp === stamp) this.#options.onArrival(arrival);
    // It changed while it was read: what it is now is another arrival.
    else if (this.#known.get(key) === stamp) {
      this.#known.delete(key);
      await this.#look(key, 'new');
    }
  }

  #forget(key: string): void {
    this.#known.delete(key);
    const below = `${key}/`;
    if (!this.#watchers.has(below)) return;
    this.#unwatch(below);
    for (const other of this.#known.keys()) if (other.startsWith(below)) this.#known.delete(other);
  }

  async #stampOf(key: string): Promise<{ stamp: string; stats: BigIntStats } | 'folder' | null> {
    const path = join(this.#options.folder, key);
    try {
      const entry = await lstat(path, { bigint: true });
      if (entry.isDirectory()) return 'folder';
      const stats = entry.isSymbolicLink() ? await stat(path, { bigint: true }) : entry;
      return stats.isFile() ? { stamp: `${entry.ino} ${stats.ino} ${stats.size} ${stats.mtimeNs}`, stats } : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  #lookAgainLater(): void {
    this.#growingTimer ??= setTimeout(() => {
      this.#run(
        this.#lookAtGrowing().finally(() => {
          this.#growingTimer = undefined;
          if (this.#growing.size > 0 && !this.#options.signal.aborted) this.#lookAgainLater();
        }),
      );
    }, LOOK_AGAIN_MILLISECONDS);
  }

  #relistLater(): void {
    if (this.#options.signal.aborted) return;
    this.#relistTimer = setTimeout(
      () => this.#run(this.#relist().finally(() => this.#relistLater())),
      this.#unwatched ? RELIST_UNWATCHED_MILLISECONDS : RELIST_MILLISECONDS,
    );
  }

  async #relist(): Promise<void> {
    const before = [...this.#known.keys()];
    const seen = await this.#scan('', 'new');
    for (const key of before) if (!seen.has(key)) this.#known.delete(key);
  }

  /** For work that nobody waits for: what it couldn't do now, the next look through everything does. */
  #run(work: Promise<unknown>): void {
    work.catch((error: unknown) =>
      log.warn('A folder could not be looked through; it is tried again', {
        folder: this.#options.folder,
        reason: sentenceOf(error),
      }),
    );
  }
}
