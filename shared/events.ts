import { createHash } from 'node:crypto';
import { z } from 'zod';
import { firstIssue } from './first-issue.ts';
import { BucketSchema, recognise } from './keys.ts';
import { Refusal } from './refusal.ts';
import { eventPoint } from './traces/derived.ts';
import { formatTraceparent } from './traces/traceparent.ts';

/** The whole payload of every event: which object is new. The object itself is what there is to know. */
const ObjectRefSchema = z.object({
  bucket: BucketSchema,
  key: z.string().min(1).max(1024),
  etag: z.string().min(1).max(100),
  size: z.number().int().nonnegative(),
});
export type ObjectRef = z.infer<typeof ObjectRefSchema>;

/** A new object's CloudEvent 1.0 attributes and data. */
export interface ObjectEvent {
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  job?: string;
  /** Of work that is asked of a cloud's GPUs. */
  pool?: string;
  /** CloudEvents' distributed tracing extension: the span in which the event is handed to the broker. */
  traceparent: string;
  data: ObjectRef;
}

/**
 * The event of a new object, or null when such an object wakes nobody.
 * The same object gives the same id, so a notification that is delivered twice is one event.
 */
export function eventOf(object: ObjectRef, time: Date): ObjectEvent | null {
  const recognised = recognise(object.bucket, object.key);
  if (!recognised) return null;
  const { job, pool } = recognised.fields;
  return {
    id: createHash('sha256')
      .update(JSON.stringify([object.bucket, object.key, object.etag]))
      .digest('hex')
      .slice(0, 32),
    source: `/buckets/${object.bucket}`,
    type: recognised.kind.type,
    subject: object.key,
    time: time.toISOString(),
    ...(job ? { job } : {}),
    ...(pool ? { pool } : {}),
    traceparent: formatTraceparent(eventPoint(object)),
    data: { bucket: object.bucket, key: object.key, etag: object.etag, size: object.size },
  };
}

/** What wakes `reconcile` without an object: the timer. */
export const TICK_TYPE = 'dev.knative.sources.ping';

/**
 * The object reference in a delivered event's data, or null for the timer.
 *
 * @throws {Refusal} when there is none in it.
 */
export function objectOf(event: { type: string; data?: unknown }): ObjectRef | null {
  if (event.type === TICK_TYPE) return null;
  const { data, error } = ObjectRefSchema.safeParse(event.data);
  if (error) throw new Refusal(`An event of the type ${event.type} names no object: ${firstIssue(error)}`);
  return data;
}
