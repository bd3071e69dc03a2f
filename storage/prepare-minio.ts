/** `node storage/prepare-minio.ts`: makes a MinIO ready for Montage once, as a cluster's Job does. Ends with 1 when it couldn't. */
import { readConfig } from '../shared/config.ts';
import { log } from '../shared/log.ts';
import { Refusal, sentenceOf } from '../shared/refusal.ts';
import { setExpiry } from './expiry.ts';
import { MinioStore } from './minio.ts';
import { setNotifications } from './notifications.ts';
import { openStore } from './open-store.ts';
import { setQuotas } from './quotas.ts';

try {
  const config = readConfig();
  const store = openStore(config);
  if (!(store instanceof MinioStore)) throw new Refusal('MONTAGE_STORE must be set to the URL of a MinIO');
  await store.prepare();
  await setQuotas(store, config);
  await setExpiry(store, config);
  if (!(await setNotifications(store)))
    throw new Refusal('MinIO has no webhook named MONTAGE: start it with MINIO_NOTIFY_WEBHOOK_ENABLE_MONTAGE=on');
  log.info('the store is ready: buckets, quotas, expiry, notifications');
} catch (error) {
  log.error('the store could not be made ready', { reason: sentenceOf(error) });
  process.exitCode = 1;
}
