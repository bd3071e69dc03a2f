import type { CloudEvent } from '@google-cloud/functions-framework';
import { readConfig } from '../shared/config.ts';
import { objectOf, TICK_TYPE } from '../shared/events.ts';
import { OBJECT_KINDS } from '../shared/keys.ts';
import { count, observe } from '../shared/metrics/record.ts';
import { Refusal } from '../shared/refusal.ts';
import { eventPoint } from '../shared/traces/derived.ts';
import { flushSpans, inSpan, openTracing } from '../shared/traces/spans.ts';
import { parseTraceparent, type TracePoint } from '../shared/traces/traceparent.ts';

/** How an event was dealt with: its work was done, or there was none yet, and the function is up ahead of it. */
export type EventOutcome = 'done' | 'ahead';

const TYPES: ReadonlySet<string> = new Set([...OBJECT_KINDS.map(({ type }) => type), TICK_TYPE]);

/** What goes wrong, by the names of the errors that say so. */
const REASONS: Readonly<Record<string, string>> = {
  Refusal: 'refused',
  FfmpegError: 'ffmpeg',
  NoSuchObject: 'object',
  ZodError: 'object',
  SyntaxError: 'object',
};

/** Has an event dealt with, measured and in a span. What of its trace has ended is sent before the event is answered: nothing may come after. */
export async function observeEvent(
  name: string,
  event: CloudEvent<unknown>,
  work: () => Promise<EventOutcome>,
): Promise<void> {
  const begun = performance.now();
  const type = TYPES.has(event.type) ? event.type : 'other';
  try {
    await beginTracing(name);
    const outcome = await inSpan(`${name} ${type}`, { kind: 'consumer', parent: parentOf(event) }, work);
    count('events', { type, outcome });
    if (outcome === 'ahead') return;
    observe('workDuration', { outcome }, (performance.now() - begun) / 1000);
    const waited = Date.now() - (performance.now() - begun) - Date.parse(event.time ?? '');
    if (Number.isFinite(waited)) observe('eventAge', {}, Math.max(0, waited / 1000));
  } catch (error) {
    count('events', { type, outcome: 'failed' });
    count('eventFailures', { reason: REASONS[(error as Error).name] ?? 'other' });
    observe('workDuration', { outcome: 'failed' }, (performance.now() - begun) / 1000);
    throw error;
  } finally {
    await flushSpans();
  }
}

/** Settings that can't be used are for the work itself to complain of. */
async function beginTracing(name: string): Promise<void> {
  try {
    await openTracing(name, readConfig());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

/** The span that handed the event to the broker; null where nothing says so, as for the timer. */
function parentOf(event: CloudEvent<unknown>): TracePoint | null {
  const carried = parseTraceparent(event.traceparent);
  if (carried) return carried;
  try {
    const object = objectOf(event);
    return object && eventPoint(object);
  } catch {
    // It names no object, which the function itself says in a sentence.
    return null;
  }
}
