/** Woken by the store's webhook: turns each record of a new object into one CloudEvent and hands it to the broker. */
import { readConfig } from '../../shared/config.ts';
import type { ObjectEvent } from '../../shared/events.ts';
import { log } from '../../shared/log.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import { eventPoint, montageOf } from '../../shared/traces/derived.ts';
import { flushSpans, inSpan, openTracing } from '../../shared/traces/spans.ts';
import { calledBy, readJson } from '../called.ts';
import { Problem, problemIn, sendProblem } from '../problem.ts';
import { deliver } from './deliver.ts';
import { Once } from './once.ts';
import { eventsIn } from './records.ts';
import { isToken } from './token.ts';

const BODY_LIMIT_BYTES = 1 << 20;
const once = new Once();

calledBy('ingest', { routeOf: () => '/' }, async (request, response) => {
  const config = readConfig();
  if (request.method !== 'POST') return sendProblem(response, 405, 'Notifications are sent by POST');
  if (!config.MONTAGE_INGEST_TOKEN || !config.K_SINK)
    return sendProblem(response, 500, 'MONTAGE_INGEST_TOKEN and K_SINK must be set');
  try {
    // Before anything is read: who has no token gets no memory.
    if (!isToken(request.headers.authorization, config.MONTAGE_INGEST_TOKEN))
      throw new Problem(401, 'The token is missing or wrong');
    const events = eventsIn(await readJson(request, BODY_LIMIT_BYTES), config.MONTAGE_BUCKET_PREFIX);
    await openTracing('ingest', config);
    // Answered only when the broker has them all: what isn't acknowledged is sent again by the store's queue.
    // The time tells an object that was made anew, with the same content, from one that is told of again.
    const taken = events.map((event) =>
      once.do(`${event.id} ${event.time}`, () => publish(event, config.K_SINK as string)),
    );
    await Promise.all(taken);
    await flushSpans();
    response.json({ taken: events.length });
  } catch (error) {
    const problem = problemIn(error);
    if (problem) {
      // The store sends it again and again, and nothing after it: an operator has to see why.
      log.warn('a notification was refused', { status: problem.status, reason: problem.message });
      return sendProblem(response, problem.status, problem.message);
    }
    log.error('the broker did not take an event', { reason: sentenceOf(error) });
    return sendProblem(response, 503, 'The broker did not take it; send it again');
  }
});

/** In the span that the event's `traceparent` names. */
function publish(event: ObjectEvent, sink: string): Promise<void> {
  const { bucket, key } = event.data;
  return inSpan(
    `publish ${event.type}`,
    { kind: 'producer', parent: montageOf(bucket, key), self: eventPoint(event.data), attributes: { bucket, key } },
    () => deliver(event, sink),
  );
}
