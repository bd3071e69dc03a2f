import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Bucket } from '../shared/keys.ts';
import { count, observe } from '../shared/metrics/record.ts';
import { inSubspan } from '../shared/traces/spans.ts';
import { NoSuchObject, type ObjectInfo, type Store } from './store.ts';

type Operation =
  | 'putOnce'
  | 'putFileOnce'
  | 'replace'
  | 'read'
  | 'stream'
  | 'getFile'
  | 'stat'
  | 'delete'
  | 'signedUrl'
  | 'list';

/** What is part of a piece of work's trace; of the others, as for leases and for a source that is read by ranges, there are hundreds. */
const IN_TRACES: ReadonlySet<Operation> = new Set(['putOnce', 'putFileOnce', 'read', 'getFile', 'delete']);

/** The same store, whose calls are measured and stand in traces. What happens to its parts is between it and whoever sends them. */
export function observed(store: Store): Store {
  const call = <T>(operation: Operation, bucket: Bucket, key: string, run: () => Promise<T>): Promise<T> => {
    const timed = () => timeOf(operation, run);
    return IN_TRACES.has(operation)
      ? inSubspan(`store ${operation}`, { kind: 'client', attributes: { bucket, key } }, timed)
      : timed();
  };
  const written = (bucket: Bucket, info: ObjectInfo | null) => {
    if (info) count('writtenBytes', { bucket }, info.size);
    return info;
  };
  const measured: Pick<Store, Operation> = {
    putOnce: async (bucket, key, body) =>
      written(bucket, await call('putOnce', bucket, key, () => store.putOnce(bucket, key, body))),
    putFileOnce: async (bucket, key, path) =>
      written(bucket, await call('putFileOnce', bucket, key, () => store.putFileOnce(bucket, key, path))),
    replace: async (bucket, key, body, etag) =>
      written(bucket, await call('replace', bucket, key, () => store.replace(bucket, key, body, etag))),
    async read(bucket, key) {
      const bytes = await call('read', bucket, key, () => store.read(bucket, key));
      count('readBytes', { bucket }, bytes.length);
      return bytes;
    },
    async stream(bucket, key, range) {
      const stream = await call('stream', bucket, key, () => store.stream(bucket, key, range));
      countAsRead(stream, bucket);
      return stream;
    },
    async getFile(bucket, key, path) {
      await call('getFile', bucket, key, () => store.getFile(bucket, key, path));
      count('readBytes', { bucket }, (await stat(path)).size);
    },
    stat: (bucket, key) => call('stat', bucket, key, () => store.stat(bucket, key)),
    delete: (bucket, key) => call('delete', bucket, key, () => store.delete(bucket, key)),
    signedUrl: (bucket, key, options) => call('signedUrl', bucket, key, () => store.signedUrl(bucket, key, options)),
    list: (bucket, prefix) => timedList(store.list(bucket, prefix)),
  };
  return new Proxy(store, {
    get(target, property) {
      const own = measured[property as Operation];
      if (own) return own;
      const value = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function timeOf<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const took = (outcome: string) => observe('storeCalls', { operation, outcome }, (performance.now() - begun) / 1000);
  try {
    const result = await run();
    took('done');
    return result;
  } catch (error) {
    took(error instanceof NoSuchObject ? 'missing' : 'failed');
    throw error;
  }
}

/** Without the time in which whoever asked for the list looks at what is on it. */
async function* timedList(list: AsyncIterable<ObjectInfo>): AsyncGenerator<ObjectInfo> {
  let milliseconds = 0;
  let outcome = 'done';
  const objects = list[Symbol.asyncIterator]();
  try {
    for (;;) {
      const begun = performance.now();
      const next = await objects.next().finally(() => {
        milliseconds += performance.now() - begun;
      });
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    outcome = 'failed';
    throw error;
  } finally {
    observe('storeCalls', { operation: 'list', outcome }, milliseconds / 1000);
    await objects.return?.();
  }
}

/** Counts what the store gives of a stream, however much of it is then used; listening for data would set it flowing. */
function countAsRead(stream: Readable, bucket: Bucket): void {
  let bytes = stream.readableLength;
  const push = stream.push.bind(stream);
  stream.push = (chunk: Buffer | null, encoding) => {
    bytes += chunk?.length ?? 0;
    return push(chunk, encoding);
  };
  stream.once('close', () => count('readBytes', { bucket }, bytes));
}
