import type { Config } from '../shared/config.ts';
import { FolderStore } from './folder.ts';
import { MinioStore } from './minio.ts';
import type { Store } from './store.ts';

/** The store that the environment names: MinIO where MONTAGE_STORE is set, else the folder MONTAGE_DATA. Nothing is touched yet. */
export function openStore(config: Config): Store {
  const { MONTAGE_STORE: url, MONTAGE_STORE_ACCESS_KEY: accessKey, MONTAGE_STORE_SECRET_KEY: secretKey } = config;
  if (!url) return new FolderStore(config.MONTAGE_DATA, { publicUrl: config.MONTAGE_PUBLIC_URL });
  return new MinioStore({
    url,
    publicUrl: config.MONTAGE_STORE_PUBLIC_URL,
    accessKey,
    secretKey,
    bucketPrefix: config.MONTAGE_BUCKET_PREFIX,
  });
}
