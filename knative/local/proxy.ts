import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sentenceOf } from '../../shared/refusal.ts';
import { answerProblem } from './answer.ts';
import type { Pool, Slot } from './pool.ts';

const LANE = 'http';

/** Headers that are about one connection only (RFC 9110, 7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * Has a function answer a request. Bodies flow both ways as they come, so events that a function sends arrive at once.
 * When either side goes away, so does the other.
 */
export async function proxy(
  pool: Pool,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  timeoutSeconds: number,
): Promise<void> {
  let slot: Slot;
  try {
    slot = await pool.acquire(LANE);
  } catch (error) {
    answerProblem(outgoing, 503, sentenceOf(error));
    return;
  }
  try {
    if (!outgoing.destroyed) await pass(slot, incoming, outgoing, timeoutSeconds);
  } finally {
    slot.release();
  }
}

async function pass(
  slot: Slot,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  timeoutSeconds: number,
): Promise<void> {
  const sent = request({
    host: '127.0.0.1',
    port: slot.port,
    method: incoming.method,
    path: incoming.url,
    // Kept alive by the function, so that one that refuses a body early doesn't break off while the rest of it is on its way.
    headers: { ...endToEnd(incoming.headers), ...forwarded(incoming), connection: 'keep-alive' },
    agent: false,
  });
  const timer = setTimeout(
    () => sent.destroy(new Error(`The function did not finish in ${timeoutSeconds} s`)),
    timeoutSeconds * 1000,
  );
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).on('error', reject);
    outgoing.once('close', () => sent.destroy(new Error('The client went away')));
  });
  incoming.pipe(sent);
  // What a function takes no more of is read to its end all the same: its sender reads the answer only then.
  sent.once('close', () => incoming.resume());
  try {
    const response = await answered;
    outgoing.writeHead(response.statusCode ?? 502, endToEnd(response.headers));
    outgoing.flushHeaders();
    await pipeline(response, outgoing);
  } catch (error) {
    if (outgoing.headersSent) outgoing.destroy();
    else answerProblem(outgoing, 502, sentenceOf(error));
  } finally {
    clearTimeout(timer);
  }
}

function endToEnd(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

function forwarded(incoming: IncomingMessage): OutgoingHttpHeaders {
  return {
    'x-forwarded-for': incoming.socket.remoteAddress,
    'x-forwarded-host': incoming.headers.host,
    'x-forwarded-proto': 'http',
  };
}
