import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  copyFile,
  link,
  lstat,
  open,
  readFile,
  rename,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { BUCKETS, type Bucket } from '../shared/keys.ts';
import { Refusal } from '../shared/refusal.ts';
import { codeOf, isMissing, writing } from './folder-errors.ts';
import { changedAt, FolderEtags, md5, md5OfFile } from './folder-etags.ts';
import { type StillHeld, withLock } from './folder-lock.ts';
import { FolderParts } from './folder-parts.ts';
import { prepareFolder } from './folder-prepare.ts';
import { walk } from './folder-walk.ts';
import { FolderWatch } from './folder-watch.ts';
import { place, removeEmptyFolders, withScratch } from './folder-write.ts';
import { checkKey, checkNewKey, checkPrefix } from './object-key.ts';
import { type SignedPart, signUrl } from './signed-url.ts';
import { type Arrival, NoSuchObject, type ObjectInfo, type SignedUrlOptions, type Store } from './store.ts';

/** People copy files into these by hand: such a file has arrived when it has stopped changing, and its folder is theirs. */
const HANDMADE: ReadonlySet<Bucket> = new Set(['input', 'music']);
const STATS_AT_ONCE = 32;

export interface FolderStoreOptions {
  /** Address of the server that answers signed URLs; without one there are none. */
  publicUrl?: string | undefined;
  /** Key of the signatures; by default one that is made once and kept in `<root>/.secret`. */
  secret?: string | undefined;
}

/**
 * The store as a plain folder: object `key` of `bucket` is the file `<root>/<bucket>/<key>`, so a person can drop files there
 * and take them out. Safe under any number of processes on one machine. What begins with a dot below `root` is the store's own.
 */
export class FolderStore implements Store {
  readonly root: string;
  readonly parts: FolderParts;
  readonly #publicUrl: string | undefined;
  readonly #etags: FolderEtags;
  #secret: string | undefined;

  constructor(root: string, options: FolderStoreOptions = {}) {
    this.root = resolve(root);
    this.#publicUrl = options.publicUrl;
    this.#secret = options.secret;
    this.#etags = new FolderEtags(join(this.root, '.etags'));
    this.parts = new FolderParts({
      root: this.root,
      sign: (bucket, key, expiresSeconds, part) => this.#sign(bucket, key, { method: 'PUT', expiresSeconds }, part),
      adopt: (bucket, key, path, etag) => this.#adopt(bucket, key, path, etag),
    });
  }

  async putOnce(bucket: Bucket, key: string, body: string | Uint8Array): Promise<ObjectInfo | null> {
    checkNewKey(key);
    if (await isTaken(this.#path(bucket, key))) return null;
    return this.#create(bucket, key, async (scratch) => {
      await writeFile(scratch, body);
      return md5(body);
    });
  }

  async putFileOnce(bucket: Bucket, key: string, path: string): Promise<ObjectInfo | null> {
    checkNewKey(key);
    await access(path, constants.R_OK);
    if (await isTaken(this.#path(bucket, key))) return null;
    return this.#create(bucket, key, async (scratch) => {
      await copyFile(path, scratch, constants.COPYFILE_FICLONE);
      return md5OfFile(scratch);
    });
  }

  async copy(bucket: Bucket, from: string, to: string): Promise<void> {
    checkKey(from);
    await existing(bucket, from, () => this.putFileOnce(bucket, to, this.#path(bucket, from)));
  }

  /**
   * Makes the object a link to a file outside the store, which is neither copied nor, when the object is deleted, touched.
   * Returns its info, or null when the key is taken.
   *
   * @throws {Refusal} when there is no such file.
   */
  async linkOnce(bucket: Bucket, key: string, path: string): Promise<ObjectInfo | null> {
    checkNewKey(key);
    const target = resolve(path);
    const found = await stat(target).catch(() => null);
    if (!found?.isFile()) throw new Refusal(`There is no file ${target} that can be read: check the path`);
    const made = await place(this.root, this.#path(bucket, key), (free) => symlink(target, free));
    return made ? this.stat(bucket, key) : null;
  }

  async replace(bucket: Bucket, key: string, body: string | Uint8Array, etag: string): Promise<ObjectInfo | null> {
    checkNewKey(key);
    if ((await this.stat(bucket, key))?.etag !== etag) return null;
    return withScratch(this.root, async (scratch) => {
      await writeFile(scratch, body);
      return this.#locked(bucket, key, async (stillHeld) => {
        const current = await this.stat(bucket, key);
        if (current?.etag !== etag) return null;
        stillHeld();
        await rename(scratch, this.#path(bucket, key));
        return this.stat(bucket, key);
      });
    });
  }

  async read(bucket: Bucket, key: string): Promise<Buffer> {
    checkKey(key);
    return existing(bucket, key, () => readFile(this.#path(bucket, key)));
  }

  async stream(bucket: Bucket, key: string, range?: { start: number; end?: number }): Promise<Readable> {
    checkKey(key);
    const file = await existing(bucket, key, () => open(this.#path(bucket, key)));
    const { size } = await file.stat();
    if (range && range.start >= size) {
      await file.close();
      return Readable.from([]);
    }
    return file.createReadStream({ highWaterMark: 1 << 18, ...range });
  }

  async getFile(bucket: Bucket, key: string, path: string): Promise<void> {
    checkKey(key);
    const own = await this.localPath(bucket, key);
    if (!own) throw new NoSuchObject(bucket, key);
    await writing(dirname(path), () => copyFile(own, path, constants.COPYFILE_FICLONE));
  }

  async stat(bucket: Bucket, key: string): Promise<ObjectInfo | null> {
    checkKey(key);
    const path = this.#path(bucket, key);
    try {
      const entry = await lstat(path, { bigint: true });
      const stats = entry.isSymbolicLink() ? await stat(path, { bigint: true }) : entry;
      if (!stats.isFile()) return null;
      const etag = await this.#etags.of(path, stats);
      return { bucket, key, etag, size: Number(stats.size), lastModified: new Date(changedAt(entry)) };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async *list(bucket: Bucket, prefix: string): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    let batch: Promise<ObjectInfo | null>[] = [];
    for await (const key of walk(join(this.root, bucket), prefix)) {
      batch.push(this.stat(bucket, key));
      if (batch.length < STATS_AT_ONCE) continue;
      yield* present(await Promise.all(batch));
      batch = [];
    }
    yield* present(await Promise.all(batch));
  }

  async delete(bucket: Bucket, key: string): Promise<void> {
    checkKey(key);
    const path = this.#path(bucket, key);
    await writing(this.root, async () => {
      // Under the lock, so that a replacement that is just being made doesn't bring the object back.
      await this.#locked(bucket, key, async () => {
        try {
          const entry = await lstat(path, { bigint: true });
          await unlink(path);
          await this.#etags.forget(entry);
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
      });
      if (!HANDMADE.has(bucket)) await removeEmptyFolders(dirname(path), join(this.root, bucket));
    });
  }

  async watch(buckets: readonly Bucket[], onArrival: (arrival: Arrival) => void, signal: AbortSignal): Promise<void> {
    const watches = buckets.map(
      (bucket) =>
        new FolderWatch({
          folder: join(this.root, bucket),
          waitsForQuiet: HANDMADE.has(bucket),
          isWhole: async (stats) => (await this.#etags.remembered(stats)) !== null,
          describe: (key) => this.stat(bucket, key),
          onArrival,
          signal,
        }),
    );
    await Promise.all(watches.map((watch) => watch.start()));
  }

  async signedUrl(bucket: Bucket, key: string, options: SignedUrlOptions): Promise<string> {
    if (options.method === 'PUT') checkNewKey(key);
    else checkKey(key);
    return this.#sign(bucket, key, options);
  }

  async #sign(bucket: Bucket, key: string, options: SignedUrlOptions, part?: SignedPart): Promise<string> {
    if (!this.#publicUrl)
      throw new Refusal(
        'Links to files need the address of the server: set MONTAGE_PUBLIC_URL, for example http://localhost:8080',
      );
    return signUrl(await this.signingSecret(), this.#publicUrl, bucket, key, options, Date.now(), part);
  }

  /** What signed URLs are signed with; for whoever answers them, with `verifySignedUrl`. */
  async signingSecret(): Promise<string> {
    if (this.#secret) return this.#secret;
    const path = join(this.root, '.secret');
    const kept = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (kept) {
      this.#secret = kept;
      return kept;
    }
    await withScratch(this.root, async (scratch) => {
      await writeFile(scratch, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
      await place(this.root, path, (free) => link(scratch, free));
    });
    return this.signingSecret();
  }

  async localPath(bucket: Bucket, key: string): Promise<string | null> {
    checkKey(key);
    const path = this.#path(bucket, key);
    const found = await stat(path).catch(() => null);
    return found?.isFile() ? path : null;
  }

  async prepare(): Promise<void> {
    await prepareFolder(this.root, BUCKETS);
  }

  /** Writes to scratch on the same file system and links it to its place: whole or not at all, and only if nobody was first. */
  async #create(bucket: Bucket, key: string, write: (scratch: string) => Promise<string>): Promise<ObjectInfo | null> {
    return withScratch(this.root, async (scratch) => this.#adopt(bucket, key, scratch, await write(scratch)));
  }

  /** Makes a whole file on the same disk an object, which takes it away from where it was; null when the key is taken. */
  async #adopt(bucket: Bucket, key: string, file: string, etag: string): Promise<ObjectInfo | null> {
    const path = this.#path(bucket, key);
    if (!(await place(this.root, path, (free) => link(file, free)))) return null;
    // The ETag is remembered by times, and removing the other name changes one.
    await unlink(file);
    const stats = await lstat(path, { bigint: true });
    await this.#etags.remember(stats, etag, HANDMADE.has(bucket));
    return { bucket, key, etag, size: Number(stats.size), lastModified: new Date(changedAt(stats)) };
  }

  #locked<T>(bucket: Bucket, key: string, work: (stillHeld: StillHeld) => Promise<T>): Promise<T> {
    const name = createHash('sha256').update(`${bucket}/${key}`).digest('hex').slice(0, 32);
    return withLock(join(this.root, '.locks'), name, work);
  }

  #path(bucket: Bucket, key: string): string {
    return join(this.root, bucket, key);
  }
}

/** Runs what reads an object and says so when there is none. */
async function existing<T>(bucket: Bucket, key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isMissing(error) || codeOf(error) === 'EISDIR') throw new NoSuchObject(bucket, key);
    throw error;
  }
}

/** A quick look before much is written for nothing; what decides is the link. A folder is for the link to refuse. */
async function isTaken(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found !== null && !found.isDirectory();
}

function present(infos: (ObjectInfo | null)[]): ObjectInfo[] {
  return infos.filter((info) => info !== null);
}
