import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bucket } from '../shared/keys.ts';
import { bytesOfPart, rangeOfPart } from '../shared/parts.ts';
import { Refusal } from '../shared/refusal.ts';
import { isMissing, writing } from './folder-errors.ts';
import { md5OfFile } from './folder-etags.ts';
import { withScratch } from './folder-write.ts';
import { FollowingMd5 } from './following-md5.ts';
import { checkNewKey } from './object-key.ts';
import { type ArrivedPart, type PartedObject, type Parts, PartsChanged } from './parts.ts';
import type { SignedPart } from './signed-url.ts';
import type { ObjectInfo } from './store.ts';

const COPIED_AT_ONCE = 1 << 20;
/** A part that is not larger waits in memory until it is whole; so are those of files up to 256 GiB. */
const HELD_BYTES = 32 * 2 ** 20;
const PART = /^(?<number>\d+)-(?<sha256>[0-9a-f]{64})$/;

/** Before the MD5 of all parts, in the name of an empty file. */
const WHOLE = 'whole-';

interface FolderPartsOptions {
  root: string;
  sign: (bucket: Bucket, key: string, expiresSeconds: number, part: SignedPart) => Promise<string>;
  /** Makes a whole file that lies on the disk of `root` an object; null when the key is taken, and the file is left then. */
  adopt: (bucket: Bucket, key: string, path: string, etag: string) => Promise<ObjectInfo | null>;
}

/** There is no sending of that name any more. */
export class NoSuchSending extends Error {
  override readonly name = 'NoSuchSending';
  constructor() {
    super('This upload was completed or given up, or is too old: begin it again');
  }
}

/**
 * Parts below `<root>/.uploads/<sending>/`: one file as large as the object, in which each part lies where it belongs, and beside it an
 * empty file for each part that has arrived whole, named after its number and SHA-256. So nothing is copied when the last one is there.
 */
export class FolderParts implements Parts {
  readonly #options: FolderPartsOptions;
  readonly #md5s = new FollowingMd5();
  /** Who writes a part just now: two who send the same one take turns. */
  readonly #placing = new Map<string, Promise<void>>();

  constructor(options: FolderPartsOptions) {
    this.#options = options;
  }

  async begin(_bucket: Bucket, key: string, bytes: number): Promise<string> {
    checkNewKey(key);
    const sending = randomUUID();
    await writing(this.#options.root, async () => {
      await mkdir(this.#folder(sending), { recursive: true });
      await using file = await open(join(this.#folder(sending), 'data'), 'wx');
      await file.truncate(bytes);
    });
    return sending;
  }

  url(object: PartedObject, number: number, expiresSeconds: number): Promise<string> {
    const { bucket, key, sending } = object;
    const part = { sending, number, start: rangeOfPart(object, number).start, bytes: bytesOfPart(object, number) };
    return this.#options.sign(bucket, key, expiresSeconds, part);
  }

  /**
   * Takes a part as it comes in; for whoever answers its URL.
   *
   * @throws {Refusal} when it is of another size or SHA-256 than was said. What was there stays.
   * @throws {NoSuchSending}
   */
  async put(part: SignedPart, sha256: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const { root } = this.#options;
    const checked = checkedBy(part, sha256, content);
    await writing(root, async () => {
      if (part.bytes <= HELD_BYTES) {
        const whole = await heldOf(part.bytes, checked);
        return this.#place(part, sha256, whole, (data) => writeAll(data, whole, part.start));
      }
      await withScratch(root, async (scratch) => {
        await writeFile(scratch, checked);
        await this.#place(part, sha256, null, (data) => copyInto(data, part.start, scratch));
      });
    });
  }

  async list(object: PartedObject): Promise<ArrivedPart[] | null> {
    const { sending } = object;
    return (await arrivedIn(this.#folder(sending), object)) ?? arrivedIn(this.#sealed(sending), object);
  }

  async complete(object: PartedObject, parts: readonly ArrivedPart[]): Promise<ObjectInfo | null> {
    const { bucket, key, sending } = object;
    const [folder, sealed] = [this.#folder(sending), this.#sealed(sending)];
    const data = join(sealed, 'data');
    return writing(this.#options.root, async () => {
      // From now on it takes no parts. Whoever began to complete it before may have been killed.
      await renameIfThere(folder, sealed);
      try {
        const arrived = await arrivedIn(sealed, object);
        if (!arrived) return null;
        if (namesOf(arrived) !== namesOf(parts)) throw new PartsChanged(key);
        const made = await this.#options.adopt(bucket, key, data, (await wholeIn(sealed)) ?? (await md5OfFile(data)));
        // What has a second name is the object, made by one who was killed before this.
        if (made || (await stat(data)).nlink > 1) await rm(sealed, { recursive: true, force: true });
        else await renameIfThere(sealed, folder);
        return made;
      } catch (error) {
        // Another one has completed it in this moment, or given it up.
        if (isMissing(error)) return null;
        await renameIfThere(sealed, folder);
        throw error;
      }
    });
  }

  async abort({ sending }: PartedObject): Promise<void> {
    for (const folder of [this.#folder(sending), this.#sealed(sending)])
      await rm(folder, { recursive: true, force: true });
  }

  /** Puts a part that is whole to its place. Two who send the same one take turns. */
  async #place(
    part: SignedPart,
    sha256: string,
    held: Uint8Array | null,
    write: (data: FileHandle) => Promise<void>,
  ): Promise<void> {
    const name = `${part.sending} ${part.number}`;
    const before = this.#placing.get(name) ?? Promise.resolve();
    const placed = before.catch(() => {}).then(() => this.#write(part, sha256, held, write));
    this.#placing.set(name, placed);
    try {
      await placed;
    } finally {
      if (this.#placing.get(name) === placed) this.#placing.delete(name);
    }
  }

  /** Until all of it lies there, it hasn't arrived. */
  async #write(
    { sending, number, start, bytes }: SignedPart,
    sha256: string,
    held: Uint8Array | null,
    write: (data: FileHandle) => Promise<void>,
  ): Promise<void> {
    const folder = this.#folder(sending);
    const path = join(folder, 'data');
    try {
      await using data = await open(path, 'r+');
      const there = await readdir(folder);
      if (there.length === 1) this.#md5s.follow(path, (await data.stat()).size);
      const before = there.filter((name) => name.startsWith(`${number}-`));
      if (before.length > 0) await this.#forget(folder, before);
      await write(data);
      await writeFile(join(folder, `${number}-${sha256}`), '', { flag: 'wx' });
      const md5 = await this.#md5s.add(path, start, bytes, held);
      if (md5) await writeFile(join(folder, `${WHOLE}${md5}`), '');
    } catch (error) {
      throw isMissing(error) ? new NoSuchSending() : error;
    }
  }

  /** A part that is being sent again has not arrived, and the MD5 of the whole is another one then. */
  async #forget(folder: string, marks: readonly string[]): Promise<void> {
    await this.#md5s.letGo(join(folder, 'data'));
    for (const name of await readdir(folder)) if (name.startsWith(WHOLE)) await rm(join(folder, name), { force: true });
    for (const name of marks) await unlink(join(folder, name));
  }

  #folder(sending: string): string {
    return join(this.#options.root, '.uploads', sending);
  }

  #sealed(sending: string): string {
    return `${this.#folder(sending)}.sealed`;
  }
}

/** What comes, and no more of it than was said; ends well only if it is what was said. */
async function* checkedBy(
  { number, bytes }: SignedPart,
  sha256: string,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > bytes) break;
    hash.update(chunk);
    yield chunk;
  }
  if (size !== bytes)
    throw new Refusal(
      `Part ${number} has ${bytes} bytes, not ${size > bytes ? 'more' : size}: nothing of it was taken`,
    );
  if (hash.digest('hex') !== sha256)
    throw new Refusal(`Part ${number} is not what its checksum says: nothing of it was taken; send it again`);
}

/** A part in one piece: small ones that live as long would be looked at by the garbage collector again and again. */
async function heldOf(bytes: number, content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const whole = Buffer.allocUnsafeSlow(bytes);
  let at = 0;
  for await (const chunk of content) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

async function writeAll(file: FileHandle, content: Uint8Array, start: number): Promise<void> {
  // A disk that is full takes the beginning only, and says so with the next write.
  for (let at = 0; at < content.length; )
    at += (await file.write(content, at, content.length - at, start + at)).bytesWritten;
}

async function copyInto(file: FileHandle, start: number, from: string): Promise<void> {
  await using source = await open(from);
  const buffer = Buffer.allocUnsafe(COPIED_AT_ONCE);
  for (let at = start; ; ) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, at - start);
    if (bytesRead === 0) return;
    await file.write(buffer, 0, bytesRead, at);
    at += bytesRead;
  }
}

async function arrivedIn(folder: string, object: PartedObject): Promise<ArrivedPart[] | null> {
  try {
    const parts = (await readdir(folder)).map(async (name) => {
      const { number, sha256 = '' } = PART.exec(name)?.groups ?? {};
      if (number === undefined) return [];
      const { mtime } = await stat(join(folder, name));
      const bytes = bytesOfPart(object, Number(number));
      return { number: Number(number), bytes, sha256, etag: sha256, arrivedAt: mtime };
    });
    return (await Promise.all(parts)).flat().sort((a, b) => a.number - b.number);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The MD5 of the whole, where it was made while the parts came. */
async function wholeIn(folder: string): Promise<string | null> {
  return (await readdir(folder)).find((name) => name.startsWith(WHOLE))?.slice(WHOLE.length) ?? null;
}

const namesOf = (parts: readonly ArrivedPart[]) => parts.map(({ number, sha256 }) => `${number}-${sha256}`).join();

async function renameIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}
