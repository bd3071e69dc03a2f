import { describe, expect, it } from 'vitest';
import { eventOf } from '../../../shared/events.ts';
import { jobRequestKey, revisionKeys } from '../../../shared/keys.ts';
import { eventPoint, montageOf, montagePoint } from '../../../shared/traces/derived.ts';
import { parseTraceparent } from '../../../shared/traces/traceparent.ts';

const job = 'holiday-0123456789';
const first = revisionKeys(job, 1);
const inJobs = (key: string) => ({ bucket: 'jobs' as const, key, etag: 'e', size: 1 });

describe('the trace of an event', () => {
  const traceOf = (key: string) => parseTraceparent(eventOf(inJobs(key), new Date(0))?.traceparent);

  it('is one for all objects of a revision, and another for the next revision and another job', () => {
    const keys = [jobRequestKey(job), first.request('render', 'f'.repeat(64), 2), first.timeline, first.done];
    const traces = new Set(keys.map((key) => traceOf(key)?.traceId));
    expect(traces).toEqual(new Set([montagePoint(job, 1).traceId]));
    for (const other of [revisionKeys(job, 2).edit, jobRequestKey('other')])
      expect(traces).not.toContain(traceOf(other)?.traceId);
  });

  it('has a span of each event’s own, the same however often it is told of', () => {
    const [one, again, other] = [first.timeline, first.timeline, first.done].map(traceOf);
    expect(one).toEqual(again);
    expect(one?.spanId).not.toBe(other?.spanId);
    expect(one?.spanId).not.toBe(montagePoint(job, 1).spanId);
  });

  it('is the upload’s own for a clip, which belongs to no montage yet', () => {
    const clip = { bucket: 'input' as const, key: 'set/a.mp4', etag: 'e', size: 1 };
    expect(montageOf(clip.bucket, clip.key)).toBeNull();
    expect(parseTraceparent(eventOf(clip, new Date(0))?.traceparent)).toEqual(eventPoint(clip));
    expect(eventPoint(clip).traceId).not.toBe(eventPoint({ ...clip, etag: 'f' }).traceId);
  });
});
