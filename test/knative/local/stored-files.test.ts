import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveStoredFile } from '../../../knative/local/stored-files.ts';
import type { Bucket } from '../../../shared/keys.ts';
import { FolderStore } from '../../../storage/folder.ts';

/** One that opens a file only when it is let. */
class LateStore extends FolderStore {
  readonly asked = Promise.withResolvers<void>();
  readonly may = Promise.withResolvers<void>();
  readonly opened = Promise.withResolvers<Readable>();

  override async stream(bucket: Bucket, key: string): Promise<Readable> {
    this.asked.resolve();
    await this.may.promise;
    const stream = await super.stream(bucket, key);
    this.opened.resolve(stream);
    return stream;
  }
}

describe('a file that is given out', () => {
  let root: string;
  let store: LateStore;
  let server: Server;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'montage-stored-'));
    store = new LateStore(root);
    await store.prepare();
    await store.putOnce('input', 'set/clip.mp4', Buffer.alloc(2 ** 20));
    const access = { method: 'GET', bucket: 'input', key: 'set/clip.mp4' } as const;
    server = createServer((incoming, outgoing) => {
      void serveStoredFile({ store, verify: () => access, scratch: root }, incoming, outgoing);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.close();
    await rm(root, { recursive: true, force: true });
  });

  it('is closed again when whoever wanted it is gone before it is open', async () => {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await store.asked.promise;
    client.destroy();
    await expect.poll(() => connections(server)).toBe(0);
    store.may.resolve();
    const stream = await store.opened.promise;
    await expect.poll(() => stream.closed).toBe(true);
  });
});

const connections = (server: Server) =>
  new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
