import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './folder-errors.ts';

/** Smaller files are hashed again rather than remembered on disk. */
const WORTH_KEEPING_BYTES = 256n * 1024n;
/** A bigger file that is still being copied isn't hashed over and over while it grows. */
const GROWING_HASH_LIMIT_BYTES = 64n * 1024n * 1024n;
/** A file that nobody has touched for this long is no longer being copied. */
const SETTLED_MILLISECONDS = 2000;
/** Time stamps tick every few milliseconds: within this a file may change again without its times telling. */
const TICK_MILLISECONDS = 50;
const MEMORY_ENTRIES = 20_000;
const BIG_HASHES_AT_ONCE = 2;

/**
 * ETags of files: the MD5 of the content in hex, as S3 gives an object that was put in one piece.
 * Remembered by device, inode, size and times, in memory and, for bigger files, below `folder`, one small file an inode.
 */
export class FolderEtags {
  readonly #folder: string;
  readonly #memory = new Map<string, string>();
  readonly #waiting: (() => void)[] = [];
  #hashing = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The ETag of the file at `path`, whose stats are `stats`. Of a big file that changed within the last two seconds and was
   * not written by us it is a passing one, that no other content has: such a file is still being copied.
   */
  async of(path: string, stats: BigIntStats): Promise<string> {
    const known = await this.remembered(stats);
    if (known) return known;
    if (stats.size > GROWING_HASH_LIMIT_BYTES && !isSettled(stats, Date.now()))
      return md5(`growing ${identity(stats)} ${version(stats)}`);
    const etag = await this.#hash(path, stats.size);
    const after = await stat(path, { bigint: true });
    if (version(after) === version(stats) && Date.now() - changedAt(stats) > TICK_MILLISECONDS)
      await this.#keep(stats, etag, stats.size > WORTH_KEEPING_BYTES);
    return etag;
  }

  /** The ETag as far as it is known without reading the file, or null. */
  async remembered(stats: BigIntStats): Promise<string | null> {
    const inMemory = this.#memory.get(`${identity(stats)} ${version(stats)}`);
    if (inMemory) return inMemory;
    try {
      const [of, etag] = (await readFile(join(this.#folder, identity(stats)), 'utf8')).split(' ');
      return of === version(stats) && etag ? etag : null;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  /** Keeps the ETag of a file that was written whole; of a small one for other processes too only if `evenIfSmall`. */
  async remember(stats: BigIntStats, etag: string, evenIfSmall: boolean): Promise<void> {
    await this.#keep(stats, etag, evenIfSmall || stats.size > WORTH_KEEPING_BYTES);
  }

  /** Drops what is kept of a file that is to be deleted. */
  async forget(stats: BigIntStats): Promise<void> {
    this.#memory.delete(`${identity(stats)} ${version(stats)}`);
    await rm(join(this.#folder, identity(stats)), { force: true });
  }

  async #keep(stats: BigIntStats, etag: string, onDisk: boolean): Promise<void> {
    if (this.#memory.size >= MEMORY_ENTRIES) this.#memory.clear();
    this.#memory.set(`${identity(stats)} ${version(stats)}`, etag);
    if (!onDisk) return;
    const path = join(this.#folder, identity(stats));
    const fresh = `${path}.${crypto.randomUUID()}`;
    await mkdir(this.#folder, { recursive: true });
    await writeFile(fresh, `${version(stats)} ${etag}`);
    await rename(fresh, path);
  }

  /** MD5 of a file that nobody else changes, without remembering it. */
  async #hash(path: string, size: bigint): Promise<string> {
    if (size <= WORTH_KEEPING_BYTES) return md5(await readFile(path));
    if (this.#hashing >= BIG_HASHES_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#hashing += 1;
    try {
      return await md5OfFile(path);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#hashing -= 1;
    }
  }
}

/** MD5 in hex. */
export function md5(content: string | Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}

/** MD5 of a file in hex. */
export async function md5OfFile(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** True when the file's content and name have stood still long enough that nobody is copying it any more. */
export function isSettled(stats: BigIntStats, nowMilliseconds: number): boolean {
  return nowMilliseconds - changedAt(stats) >= SETTLED_MILLISECONDS;
}

/** When a file's content was last written or it was last given a name, whichever is later, in milliseconds since 1970. */
export function changedAt({ mtimeMs, ctimeMs }: BigIntStats): number {
  return Math.max(Number(mtimeMs), Number(ctimeMs));
}

const identity = (stats: BigIntStats) => `${stats.dev}-${stats.ino}`;
const version = (stats: BigIntStats) => `${stats.size}-${stats.mtimeNs}-${stats.ctimeNs}`;
