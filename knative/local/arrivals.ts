import { setTimeout as wait } from 'node:timers/promises';
import { recognise } from '../../shared/keys.ts';
import type { ObjectInfo } from '../../storage/store.ts';
import type { Outcome, Post } from './delivery.ts';
import type { RuntimeLog } from './log-lines.ts';

const LARGEST_BATCH = 100;
const FIRST_PAUSE_SECONDS = 0.5;
const LONGEST_PAUSE_SECONDS = 10;
const TIMEOUT_SECONDS = 60;

interface ArrivalsOptions {
  /** Posts to the ingest function. Never throws. */
  post: (request: Post) => Promise<Outcome>;
  /** What ingest expects in the Authorization header. */
  token: string;
  /** Put before the bucket names, as on a store that is shared. */
  bucketPrefix: string;
  onLog: (entry: RuntimeLog) => void;
  signal: AbortSignal;
}

/** Does what MinIO's webhook does: tells ingest of new objects, in its form, and keeps on until ingest has taken them. */
export class Arrivals {
  readonly #options: ArrivalsOptions;
  readonly #waiting: ObjectInfo[] = [];
  #sending = false;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
  }

  /** Whether something is yet to be told. */
  get pending(): boolean {
    return this.#sending;
  }

  /** Tells of an object, unless such a key wakes nobody. Those of one moment go together. */
  add(object: ObjectInfo): void {
    if (!recognise(object.bucket, object.key)) return;
    this.#waiting.push(object);
    if (this.#sending) return;
    this.#sending = true;
    setImmediate(() => void this.#send());
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#options.signal.aborted) {
      await this.#tell(this.#waiting.splice(0, LARGEST_BATCH));
    }
    this.#sending = false;
  }

  async #tell(objects: readonly ObjectInfo[]): Promise<void> {
    const { post, token, bucketPrefix, onLog, signal } = this.#options;
    const body = Buffer.from(JSON.stringify(notificationOf(objects, bucketPrefix)));
    const headers = { authorization: token, 'content-type': 'application/json', 'content-length': body.length };
    for (let pause = FIRST_PAUSE_SECONDS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_SECONDS)) {
      const { status, body: answer } = await post({ headers, body, timeoutSeconds: TIMEOUT_SECONDS });
      if (signal.aborted || (status >= 200 && status < 300)) return;
      const refused = status >= 400 && status < 500;
      const fields = { objects: objects.length, status, reason: answer };
      if (refused) {
        onLog({ function: 'ingest', severity: 'ERROR', message: 'new objects were refused', fields });
        return;
      }
      onLog({ function: 'ingest', severity: 'WARN', message: 'new objects will be told again', fields });
      await wait(pause * 1000, undefined, { signal }).catch(() => {});
    }
  }
}

/** The body of MinIO's webhook: S3 event records, keys URL-encoded with a plus for a space. */
export function notificationOf(objects: readonly ObjectInfo[], bucketPrefix: string) {
  const eventName = 's3:ObjectCreated:Put';
  return {
    EventName: eventName,
    Key: objects.map(({ bucket, key }) => `${bucketPrefix}${bucket}/${key}`)[0],
    Records: objects.map(({ bucket, key, size, etag, lastModified }) => ({
      eventName,
      eventTime: lastModified.toISOString(),
      s3: {
        bucket: { name: `${bucketPrefix}${bucket}` },
        object: { key: encodeURIComponent(key).replaceAll('%20', '+'), size, eTag: etag },
      },
    })),
  };
}
