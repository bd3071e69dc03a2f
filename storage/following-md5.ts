import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setImmediate as othersTurn } from 'node:timers/promises';

/** Files that are followed at once; the one that was begun first is let go for one too many. */
const MOST = 100;
/** Of pieces that wait for those before them, so much is kept in memory for all files; the rest is read again when its turn comes. */
const HELD_BYTES = 64 * 2 ** 20;
/** What no piece has come of for so long was given up. */
const GIVEN_UP_MS = 10 * 60_000;
/** What is hashed at one go: between, others have their turn. */
const AT_ONCE = 1 << 20;

interface Followed {
  hash: Hash;
  /** When something of it came last. */
  at: number;
  /** How large the file is to be. */
  size: number;
  /** How much of it has come. */
  arrived: number;
  /** Up to where it is hashed. */
  end: number;
  /** Pieces that lie in their place further on, by where each begins. */
  ahead: Map<number, Piece>;
  /** One piece after the other. */
  work: Promise<void>;
  /** Of the whole, once that is hashed. */
  md5: string | null;
}

interface Piece {
  end: number;
  /** Null when it has to be read. */
  content: Uint8Array | null;
}

/**
 * MD5s of files that are put together piece by piece, made as the pieces come, so that nobody has to wait for it at the end. Only of those
 * all of whose pieces come to this process, and each once.
 */
export class FollowingMd5 {
  readonly #followed = new Map<string, Followed>();
  #held = 0;

  /** Follows a file of which nothing is there yet. */
  follow(file: string, size: number, now = Date.now()): void {
    for (const [name, { at }] of this.#followed) if (now - at > GIVEN_UP_MS) this.#forget(name);
    if (this.#followed.has(file)) return;
    const fresh = { hash: createHash('md5'), at: now, size, arrived: 0, end: 0, ahead: new Map(), md5: null };
    this.#followed.set(file, { ...fresh, work: Promise.resolve() });
    const [oldest] = this.#followed.keys();
    if (this.#followed.size > MOST && oldest !== undefined) this.#forget(oldest);
  }

  /**
   * A piece lies in its place; `content` is what it is, where that is at hand. Gives the MD5 when it was the last one; else null, and
   * nobody waits for what is still to be hashed.
   */
  async add(file: string, start: number, bytes: number, content: Uint8Array | null): Promise<string | null> {
    const followed = this.#followed.get(file);
    if (!followed) return null;
    followed.at = Date.now();
    const isHeld = content !== null && this.#held + bytes <= HELD_BYTES;
    if (isHeld) this.#held += bytes;
    followed.ahead.set(start, { end: start + bytes, content: isHeld ? content : null });
    followed.arrived += bytes;
    followed.work = followed.work
      .then(() => this.#hash(file, followed))
      .catch(() => {
        // It was taken away, or can't be read: whoever needs its MD5 will say so.
        this.#forget(file);
      });
    if (followed.arrived < followed.size) return null;
    await followed.work;
    return followed.md5;
  }

  /** A piece will be written again. Resolves when nothing is read any more. */
  async letGo(file: string): Promise<void> {
    const followed = this.#followed.get(file);
    this.#forget(file);
    await followed?.work;
  }

  async #hash(file: string, followed: Followed): Promise<void> {
    const isWanted = () => this.#followed.get(file) === followed;
    for (let piece = followed.ahead.get(followed.end); piece; piece = followed.ahead.get(followed.end)) {
      for await (const chunk of piece.content ? chunksOf(piece.content) : read(file, followed.end, piece.end)) {
        if (!isWanted()) return;
        followed.hash.update(chunk);
      }
      // Between two chunks the others had their turn too.
      if (!isWanted()) return;
      this.#release(piece);
      followed.ahead.delete(followed.end);
      followed.end = piece.end;
    }
    if (!isWanted() || followed.end < followed.size) return;
    followed.md5 = followed.hash.digest('hex');
    this.#forget(file);
  }

  #forget(file: string): void {
    for (const piece of this.#followed.get(file)?.ahead.values() ?? []) this.#release(piece);
    this.#followed.delete(file);
  }

  #release({ content }: Piece): void {
    if (content) this.#held -= content.length;
  }
}

async function* chunksOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += AT_ONCE) {
    yield content.subarray(at, at + AT_ONCE);
    await othersTurn();
  }
}

const read = (file: string, start: number, end: number): AsyncIterable<Buffer> =>
  createReadStream(file, { start, end: end - 1, highWaterMark: AT_ONCE });
