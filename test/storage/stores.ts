import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { FolderStore } from '../../storage/folder.ts';
import { MinioStore } from '../../storage/minio.ts';
import type { Store } from '../../storage/store.ts';
import { type MinioServer, minioMissing, startMinio } from './minio-server.ts';

/**
 * Makes the same claims about both drivers. `claims` gets a function for the store, to be called inside tests; each run of a file
 * has one store, so tests use keys of their own.
 */
export function describeBothStores(what: string, claims: (store: () => Store) => void): void {
  describe(`${what}, on a folder`, () => {
    let root = '';
    let store: Store;
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'montage-folder-'));
      store = new FolderStore(root, { publicUrl: 'http://localhost:8080' });
      await store.prepare();
    });
    afterAll(() => rm(root, { recursive: true, force: true }));
    claims(() => store);
  });

  describe.skipIf(minioMissing)(`${what}, on MinIO${minioMissing ? ` (skipped: ${minioMissing})` : ''}`, () => {
    let server: MinioServer;
    let store: Store;
    beforeAll(async () => {
      server = await startMinio();
      store = new MinioStore({ ...server, bucketPrefix: 'test-' });
      await store.prepare();
    }, 900_000);
    afterAll(() => server?.stop());
    claims(() => store);
  });
}
