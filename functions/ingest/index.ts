/** Woken by the store's webhook: turns each record of a new object into one CloudEvent and hands it to the broker. */
import { http } from '@google-cloud/functions-framework';
import '../plain-failures.ts';
import { readConfig } from '../../shared/config.ts';
import { log } from '../../shared/log.ts';
import { Refusal, sentenceOf } from '../../shared/refusal.ts';
import { deliver } from './deliver.ts';
import { Once } from './once.ts';
import { eventsIn } from './records.ts';
import { isToken } from './token.ts';

const BODY_LIMIT_BYTES = 1 << 20;
const once = new Once();

http('ingest', async (request, response) => {
  const config = readConfig();
  const answer = (status: number, detail: string) => response.status(status).type('text/plain').send(`${detail}\n`);
  if (request.method !== 'POST') return answer(405, 'Notifications are sent by POST');
  if (!config.MONTAGE_INGEST_TOKEN || !config.K_SINK) return answer(500, 'MONTAGE_INGEST_TOKEN and K_SINK must be set');
  if (!isToken(request.headers.authorization, config.MONTAGE_INGEST_TOKEN))
    return answer(401, 'The token is missing or wrong');
  if ((request.rawBody?.length ?? 0) > BODY_LIMIT_BYTES)
    return answer(413, `A notification has at most ${BODY_LIMIT_BYTES} bytes`);
  try {
    const events = eventsIn(request.body, config.MONTAGE_BUCKET_PREFIX);
    // Answered only when the broker has them all: what isn't acknowledged is sent again by the store's queue.
    // The time tells an object that was made anew, with the same content, from one that is told of again.
    const taken = events.map((event) =>
      once.do(`${event.id} ${event.time}`, () => deliver(event, config.K_SINK as string)),
    );
    await Promise.all(taken);
    return answer(200, `${events.length} taken`);
  } catch (error) {
    if (error instanceof Refusal) return answer(400, error.message);
    log.error('the broker did not take an event', { reason: sentenceOf(error) });
    return answer(503, 'The broker did not take it; send it again');
  }
});
