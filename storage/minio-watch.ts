import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'minio';
import { z } from 'zod';
import { log } from '../shared/log.ts';
import { sentenceOf } from '../shared/refusal.ts';
import type { ObjectInfo } from './store.ts';

/** With ping=1 MinIO sends a line every second; silence for longer means that it can't be counted on. */
const TOLD_WITHIN_MILLISECONDS = 3000;
const DEAD_MILLISECONDS = 20_000;
const RECONNECT_MILLISECONDS = 1000;
/** How often all is listed: as a safety net while the server tells, and while it doesn't. */
const RELIST_MILLISECONDS = 30_000;
const POLL_MILLISECONDS = 500;
/** While polling, at most this share of the time goes into listing. */
const POLL_SHARE = 1 / 5;
/** A notification's time and the object's are taken a moment apart. */
const SAME_MILLISECONDS = 1000;

const NotificationSchema = z.object({
  Records: z
    .array(
      z.object({
        eventTime: z.coerce.date(),
        s3: z.object({ object: z.object({ key: z.string(), size: z.number().default(0), eTag: z.string() }) }),
      }),
    )
    .nullable(),
});

type Created = Omit<ObjectInfo, 'bucket'>;

export interface MinioWatchOptions {
  /** One whose connections end with `signal`. */
  client: Client;
  bucketName: string;
  list: () => AsyncIterable<ObjectInfo>;
  onCreated: (created: Created) => void;
  signal: AbortSignal;
}

/**
 * Reports new objects of a bucket until `signal` is aborted; what is there when it resolves is taken as old.
 *
 * MinIO is listened to (ListenBucketNotification), anew whenever the connection breaks. What it doesn't tell is found by listing:
 * what was made during a break, and everything on those servers of 2025 and 2026 that keep their notifications in a
 * buffer (minio commit 52eee5a2f: trackingResponseWriter has no Flush).
 */
export class MinioWatch {
  readonly #options: MinioWatchOptions;
  readonly #known = new Map<string, { etag: string; lastModified: Date }>();
  /** On the monotonic clock. */
  #toldAt = Number.NEGATIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;
  #listTook = 0;

  constructor(options: MinioWatchOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (this.#options.signal.aborted) return;
    await this.#relist(() => {});
    // Both deal with their errors themselves, until the signal.
    void this.#keepListening();
    void this.#keepListing();
  }

  async #keepListening(): Promise<void> {
    const { client, bucketName, signal } = this.#options;
    while (!signal.aborted) {
      try {
        const query = 'events=s3%3AObjectCreated%3A%2A&ping=1';
        const told = await client.makeRequestAsync({ method: 'GET', bucketName, query });
        told.setTimeout(DEAD_MILLISECONDS, () => told.destroy());
        told.on('error', () => told.destroy());
        // What was made before it listened.
        this.#listedAt = Number.NEGATIVE_INFINITY;
        for await (const line of createInterface({ input: told })) {
          this.#toldAt = performance.now();
          for (const created of createdIn(line)) this.#notice(created);
        }
      } catch (error) {
        log.debug('The object store cannot be listened to', { bucket: bucketName, reason: sentenceOf(error) });
      }
      await sleep(RECONNECT_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }

  async #keepListing(): Promise<void> {
    const { bucketName, signal } = this.#options;
    let failing = false;
    while (!signal.aborted) {
      await sleep(POLL_MILLISECONDS, undefined, { signal }).catch(() => {});
      if (signal.aborted || !this.#listingIsDue()) continue;
      try {
        await this.#relist(this.#options.onCreated);
        failing = false;
      } catch (error) {
        if (!failing)
          log.warn('The object store cannot be looked through; trying again', {
            bucket: bucketName,
            reason: sentenceOf(error),
          });
        failing = true;
      }
    }
  }

  #listingIsDue(): boolean {
    const now = performance.now();
    const tells = now - this.#toldAt < TOLD_WITHIN_MILLISECONDS;
    return now - this.#listedAt >= (tells ? RELIST_MILLISECONDS : this.#listTook / POLL_SHARE);
  }

  async #relist(onNew: (created: Created) => void): Promise<void> {
    const began = performance.now();
    this.#listedAt = began;
    const before = new Set(this.#known.keys());
    for await (const { key, etag, size, lastModified } of this.#options.list()) {
      before.delete(key);
      this.#notice({ key, etag, size, lastModified }, onNew);
    }
    for (const key of before) this.#known.delete(key);
    this.#listTook = performance.now() - began;
  }

  /** Passes on what isn't known yet. */
  #notice(created: Created, onNew: (created: Created) => void = this.#options.onCreated): void {
    const known = this.#known.get(created.key);
    if (
      known?.etag === created.etag &&
      created.lastModified.getTime() - known.lastModified.getTime() < SAME_MILLISECONDS
    )
      return;
    this.#known.set(created.key, created);
    if (!this.#options.signal.aborted) onNew(created);
  }
}

/** A line that was cut off by a break is no JSON; its object is found by listing. */
function createdIn(line: string): Created[] {
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    return [];
  }
  return (NotificationSchema.safeParse(told).data?.Records ?? []).map(({ eventTime, s3: { object } }) => ({
    key: decodeURIComponent(object.key.replaceAll('+', ' ')),
    etag: object.eTag,
    size: object.size,
    lastModified: eventTime,
  }));
}
