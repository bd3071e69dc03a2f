/**
 * Which trace an object belongs to, and where in it its event stands, derived from the object's name alone.
 *
 * A context that travels with the object would need a place to lie in, which files in a folder don't have; and it would tell a
 * wrong story: one pass of `reconcile`, woken by the event of one job, asks for the work of all jobs, and a timer's pass for
 * what was lost. So every object of a job's revision belongs to one trace whose id is a digest of the job and the revision,
 * whoever wrote it and whatever woke them. A clip or song that is put into the store belongs to a trace of its own, since any
 * number of montages may be made of it; the spans of those link to it.
 *
 * The digests are not secret, and two of them are never the same by chance: SHA-256, cut to the lengths that W3C Trace Context has.
 */
import { createHash } from 'node:crypto';
import { type Bucket, recognise } from '../keys.ts';
import type { TracePoint } from './traceparent.ts';

interface Named {
  bucket: Bucket;
  key: string;
  etag: string;
}

const digest = (...parts: (string | number)[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
const pointOf = (traceId: string, ...span: (string | number)[]): TracePoint => ({
  traceId,
  spanId: digest('span', ...span).slice(0, 16),
  sampled: true,
});

/** The span of a whole montage, from the request for this revision of a job to its end. */
export function montagePoint(job: string, revision: number): TracePoint {
  return pointOf(digest('trace', job, revision).slice(0, 32), job, revision);
}

/** The span in which the event of an object is handed to the broker: what all that comes of that event stands under. */
export function eventPoint({ bucket, key, etag }: Named): TracePoint {
  const { traceId } = montageOf(bucket, key) ?? { traceId: digest('trace', bucket, key, etag).slice(0, 32) };
  return pointOf(traceId, bucket, key, etag);
}

/** The montage that an object is part of; null for clips, songs, dropped orders and what is found in them. */
export function montageOf(bucket: Bucket, key: string): TracePoint | null {
  const { job, revision } = recognise(bucket, key)?.fields ?? {};
  return job ? montagePoint(job, Number(revision ?? 1)) : null;
}
