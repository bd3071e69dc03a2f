import { NotificationConfig, ObjectCreatedAll, QueueConfig, S3Error } from 'minio';
import { BUCKETS } from '../shared/keys.ts';
import type { MinioStore } from './minio.ts';

/** Names the webhook that MinIO is told of by MINIO_NOTIFY_WEBHOOK_ENABLE_MONTAGE=on and MINIO_NOTIFY_WEBHOOK_ENDPOINT_MONTAGE. */
const WEBHOOK = 'arn:minio:sqs::MONTAGE:webhook';

/**
 * Has MinIO send each created object of our buckets to its webhook MONTAGE; of the cache only analyses, which somebody waits for.
 * Doing it again changes nothing.
 *
 * @returns false when the server was started without such a webhook.
 */
export async function setNotifications(store: MinioStore): Promise<boolean> {
  for (const bucket of BUCKETS) {
    const created = new QueueConfig(WEBHOOK);
    created.addEvent(ObjectCreatedAll);
    if (bucket === 'cache') created.addFilterPrefix('analysis/');
    const config = new NotificationConfig();
    config.add(created);
    try {
      await store.client.setBucketNotification(store.bucketName(bucket), config);
    } catch (error) {
      if (error instanceof S3Error && error.message.includes('ARN')) return false;
      throw error;
    }
  }
  return true;
}
