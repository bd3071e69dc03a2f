import { NotificationConfig, ObjectCreatedAll, QueueConfig, S3Error } from 'minio';
import { BUCKETS } from '../shared/keys.ts';
import type { MinioStore } from './minio.ts';

/** Names the webhook that MinIO is told of by MINIO_NOTIFY_WEBHOOK_ENABLE_MONTAGE=on and MINIO_NOTIFY_WEBHOOK_ENDPOINT_MONTAGE. */
const WEBHOOK = 'arn:minio:sqs::MONTAGE:webhook';
/** The same without a queue on disk, which MinIO looks through every three seconds only: what comes this way comes at once, or never. */
const AT_ONCE = 'arn:minio:sqs::MONTAGENOW:webhook';

/**
 * Has MinIO send each created object of our buckets to its webhook MONTAGE, and to MONTAGENOW where it has that too; of the cache only
 * analyses, which somebody waits for. Doing it again changes nothing.
 *
 * @returns false when the server was started without the first.
 */
export async function setNotifications(store: MinioStore): Promise<boolean> {
  return (await notify(store, [WEBHOOK, AT_ONCE])) || notify(store, [WEBHOOK]);
}

async function notify(store: MinioStore, webhooks: readonly string[]): Promise<boolean> {
  for (const bucket of BUCKETS) {
    const config = new NotificationConfig();
    for (const webhook of webhooks) {
      const created = new QueueConfig(webhook);
      created.addEvent(ObjectCreatedAll);
      if (bucket === 'cache') created.addFilterPrefix('analysis/');
      config.add(created);
    }
    try {
      await store.client.setBucketNotification(store.bucketName(bucket), config);
    } catch (error) {
      if (error instanceof S3Error && error.message.includes('ARN')) return false;
      throw error;
    }
  }
  return true;
}
