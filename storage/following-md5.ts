import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Files that are followed at once; the one that was begun first is let go for one too many. */
const MOST = 100;

interface Followed {
  hash: Hash;
  /** Up to where it is hashed. */
  end: number;
  /** Pieces that lie in their place further on: where each begins and ends. */
  ahead: Map<number, number>;
  /** One piece after the other. */
  work: Promise<string | null>;
}

/**
 * MD5s of files that are put together piece by piece, made as the pieces come, so that nobody has to wait for it at the end. Only of those
 * all of whose pieces come to this process, and each once.
 */
export class FollowingMd5 {
  readonly #followed = new Map<string, Followed>();

  /** Follows a file of which nothing is there yet. */
  follow(file: string): void {
    if (this.#followed.has(file)) return;
    this.#followed.set(file, { hash: createHash('md5'), end: 0, ahead: new Map(), work: Promise.resolve(null) });
    const [oldest] = this.#followed.keys();
    if (this.#followed.size > MOST && oldest !== undefined) this.#followed.delete(oldest);
  }

  /** A piece lies in its place. Gives the MD5 once all of the file does; else null. */
  async add(file: string, start: number, bytes: number): Promise<string | null> {
    const followed = this.#followed.get(file);
    if (!followed) return null;
    followed.ahead.set(start, start + bytes);
    followed.work = followed.work
      .then(() => this.#hash(file, followed))
      .catch(() => {
        // It was taken away, or can't be read: whoever needs its MD5 will say so.
        this.#followed.delete(file);
        return null;
      });
    return followed.work;
  }

  /** A piece will be written again. Resolves when nothing is read any more. */
  async letGo(file: string): Promise<void> {
    const followed = this.#followed.get(file);
    this.#followed.delete(file);
    await followed?.work;
  }

  async #hash(file: string, followed: Followed): Promise<string | null> {
    const isWanted = () => this.#followed.get(file) === followed;
    for (let end = followed.ahead.get(followed.end); end !== undefined; end = followed.ahead.get(followed.end)) {
      const range = { start: followed.end, end: end - 1, highWaterMark: 1 << 20 };
      for await (const chunk of createReadStream(file, range)) {
        if (!isWanted()) return null;
        followed.hash.update(chunk as Buffer);
      }
      followed.ahead.delete(followed.end);
      followed.end = end;
    }
    if (!isWanted() || followed.end < (await stat(file)).size) return null;
    this.#followed.delete(file);
    return followed.hash.digest('hex');
  }
}
