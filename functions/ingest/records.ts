import { z } from 'zod';
import { eventOf, type ObjectEvent } from '../../shared/events.ts';
import { firstIssue } from '../../shared/first-issue.ts';
import { BucketSchema } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import { isHidden } from '../../storage/object-key.ts';

/** A notification as S3 and MinIO send it; only what is used of it. */
const NotificationSchema = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string(),
        eventTime: z.iso.datetime({ offset: true }),
        s3: z.object({
          bucket: z.object({ name: z.string() }),
          object: z.object({
            key: z.string().min(1),
            size: z.number().int().nonnegative().default(0),
            eTag: z.string().default(''),
          }),
        }),
      }),
    )
    .max(1000),
});

/**
 * The events of a notification's new objects; records of other kinds and objects that wake nobody give none.
 *
 * @throws {Refusal} when it isn't a notification, or is about a bucket that isn't ours.
 */
export function eventsIn(notification: unknown, bucketPrefix: string): ObjectEvent[] {
  const parsed = NotificationSchema.safeParse(notification);
  if (!parsed.success) {
    throw new Refusal(`This is no bucket notification: ${firstIssue(parsed.error)}`);
  }
  return parsed.data.Records.flatMap(({ eventName, eventTime, s3 }) => {
    const name = s3.bucket.name;
    const bucket = BucketSchema.safeParse(name.startsWith(bucketPrefix) ? name.slice(bucketPrefix.length) : '');
    if (!bucket.success) throw new Refusal(`There is no bucket ${name} here`);
    if (!/^(?:s3:)?ObjectCreated:/.test(eventName)) return [];
    const { size, eTag } = s3.object;
    const key = decodeKey(s3.object.key);
    // Half-finished downloads and the like: the store's drivers don't show them either.
    if (isHidden(key)) return [];
    return eventOf({ bucket: bucket.data, key, etag: eTag.replaceAll('"', ''), size }, new Date(eventTime)) ?? [];
  });
}

/** Keys come URL-encoded, with `+` for a space. */
function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw new Refusal(`The key ${encoded} is not URL-encoded as it should be`);
  }
}
