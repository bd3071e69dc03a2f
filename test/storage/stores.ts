import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { serveStoredFile } from '../../knative/local/stored-files.ts';
import { FolderStore } from '../../storage/folder.ts';
import { MinioStore } from '../../storage/minio.ts';
import { setUser } from '../../storage/minio-user.ts';
import { verifySignedUrl } from '../../storage/signed-url.ts';
import type { Store } from '../../storage/store.ts';
import { type MinioServer, minioMissing, startMinio } from './minio-server.ts';

interface ServedFolder {
  store: FolderStore;
  stop(): void;
}

/** A folder store whose signed URLs are answered. */
async function serveFolder(root: string): Promise<ServedFolder> {
  const server: Server = createServer((incoming, outgoing) => {
    void serveStoredFile(
      { store, verify: (...url) => verifySignedUrl('secret', ...url), scratch: root },
      incoming,
      outgoing,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = new FolderStore(root, { publicUrl, secret: 'secret' });
  await store.prepare();
  return {
    store,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Makes the same claims about both drivers. `claims` gets a function for the store, to be called inside tests; each run of a file
 * has one store, so tests use keys of their own.
 */
export function describeBothStores(what: string, claims: (store: () => Store) => void): void {
  describe(`${what}, on a folder`, () => {
    let root = '';
    let served: ServedFolder;
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'montage-folder-'));
      served = await serveFolder(root);
    });
    afterAll(async () => {
      served.stop();
      await rm(root, { recursive: true, force: true });
    });
    claims(() => served.store);
  });

  describe.skipIf(minioMissing)(`${what}, on MinIO${minioMissing ? ` (skipped: ${minioMissing})` : ''}`, () => {
    let server: MinioServer;
    let store: Store;
    beforeAll(async () => {
      server = await startMinio();
      const root = new MinioStore({ ...server, bucketPrefix: 'test-' });
      await root.prepare();
      // As on a cluster: whatever a function does is done with no more rights than this.
      const user = { accessKey: 'functions', secretKey: crypto.randomUUID() };
      await setUser(root, server.secretKey, user);
      store = new MinioStore({ ...server, ...user, bucketPrefix: 'test-' });
    }, 900_000);
    afterAll(() => server?.stop());
    claims(() => store);
  });
}
