/** `node storage/prepare-minio.ts`: makes a MinIO ready for Montage once, as a cluster's Job does. Ends with 1 when it couldn't. */
import { z } from 'zod';
import { readConfig } from '../shared/config.ts';
import { log } from '../shared/log.ts';
import { Refusal, sentenceOf } from '../shared/refusal.ts';
import { setExpiry } from './expiry.ts';
import { MinioStore } from './minio.ts';
import { CLOUD, type StoreUser, setUser } from './minio-user.ts';
import { setNotifications } from './notifications.ts';
import { openStore } from './open-store.ts';
import { setQuotas } from './quotas.ts';

/** MinIO's own variables: where they are set, the store is prepared as its root, and our keys become a user's who may do only what functions do. */
const RootSchema = z.object({
  MINIO_ROOT_USER: z.string().min(1).optional(),
  MINIO_ROOT_PASSWORD: z.string().min(1).optional(),
});
/** The keys of a cluster's GPUs in a cloud, where it has some: a user of their own. */
const CloudSchema = z.object({
  CLOUD_MONTAGE_STORE_ACCESS_KEY: z.string().min(1).optional(),
  CLOUD_MONTAGE_STORE_SECRET_KEY: z.string().min(1).optional(),
});

try {
  const config = readConfig();
  const { MONTAGE_STORE_ACCESS_KEY: accessKey = '', MONTAGE_STORE_SECRET_KEY: secretKey = '' } = config;
  const root = RootSchema.parse(process.env);
  const store = openStore({
    ...config,
    MONTAGE_STORE_ACCESS_KEY: root.MINIO_ROOT_USER ?? accessKey,
    MONTAGE_STORE_SECRET_KEY: root.MINIO_ROOT_PASSWORD ?? secretKey,
  });
  if (!(store instanceof MinioStore)) throw new Refusal('MONTAGE_STORE must be set to the URL of a MinIO');
  await store.prepare();
  if (root.MINIO_ROOT_PASSWORD) {
    await setUser(store, root.MINIO_ROOT_PASSWORD, { accessKey, secretKey });
    const cloud = cloudUser();
    if (cloud?.accessKey === accessKey)
      throw new Refusal(
        'The GPUs in a cloud need a user of their own: give montage-store-cloud another MONTAGE_STORE_ACCESS_KEY',
      );
    if (cloud) await setUser(store, root.MINIO_ROOT_PASSWORD, cloud, CLOUD);
  }
  await setQuotas(store, config);
  await setExpiry(store, config);
  if (!(await setNotifications(store)))
    throw new Refusal('MinIO has no webhook named MONTAGE: start it with MINIO_NOTIFY_WEBHOOK_ENABLE_MONTAGE=on');
  log.info('the store is ready: buckets, user, quotas, expiry, notifications');
} catch (error) {
  log.error('the store could not be made ready', { reason: sentenceOf(error) });
  process.exitCode = 1;
}

function cloudUser(): StoreUser | null {
  const { CLOUD_MONTAGE_STORE_ACCESS_KEY: accessKey, CLOUD_MONTAGE_STORE_SECRET_KEY: secretKey } = CloudSchema.parse(
    process.env,
  );
  return accessKey && secretKey ? { accessKey, secretKey } : null;
}
