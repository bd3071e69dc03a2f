import type { Response } from '@google-cloud/functions-framework';
import type { ServerSentEvent } from '../../shared/api/operations.ts';

/** Proxies close what has been still for a minute, and who may not listen any more isn't told for long. */
const STILL_HERE_MS = 15_000;
/** Knative gives an answer ten minutes; whoever is still listening comes back with the last id. */
const LONGEST_MS = 9 * 60_000;
const RETRY_MS = 1000;

/**
 * Answers with server-sent events (HTML Living Standard, 9.2) as they come, until there are no more or the listener goes away. A
 * listener who knows all there is to know, and of whom no more is to come, gets 204: that tells a browser to stop asking. It ends for
 * whoever `mayListen` says may no more; they are told why when they come back.
 */
export async function sendEvents(
  response: Response,
  lastId: string | null,
  events: (lastId: string | null, signal: AbortSignal) => AsyncIterable<ServerSentEvent>,
  mayListen: () => Promise<boolean>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const longest = setTimeout(() => gone.abort(), LONGEST_MS);
  const begin = () => {
    if (response.headersSent) return;
    response.status(200).set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(`retry: ${RETRY_MS}\n\n`);
  };
  const look = async () => {
    if (!(await mayListen())) gone.abort();
    if (gone.signal.aborted || response.writableEnded) return;
    begin();
    response.write(': still here\n\n');
  };
  const still = setInterval(() => void look().catch(() => gone.abort()), STILL_HERE_MS);
  // Who waits for news hears at once that they are listened for.
  const soon = setTimeout(begin, RETRY_MS);
  try {
    for await (const { id, event, data } of events(lastId, gone.signal)) {
      begin();
      response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    }
  } finally {
    clearInterval(still);
    clearTimeout(longest);
    clearTimeout(soon);
  }
  if (!response.headersSent) response.status(204);
  response.end();
}
