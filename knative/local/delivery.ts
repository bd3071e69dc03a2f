import { request } from 'node:http';
import { sentenceOf } from '../../shared/refusal.ts';
import type { Pool, Slot } from './pool.ts';

/** How a delivery ended: the function's answer, or 500 with a "dispatch error" when it gave none, as Knative puts it. */
export interface Outcome {
  status: number;
  body: string;
}

const DISPATCH_ERROR = 500;
const LONGEST_BODY = 1024;

export interface Post {
  headers: Readonly<Record<string, string | number>>;
  body: Buffer;
  timeoutSeconds: number;
}

/**
 * Posts to one of a service's instances and waits for the answer. Waiting for an instance doesn't count as time of the
 * delivery. One that overruns `timeoutSeconds` takes its instance down, since that would work on for nobody. Never throws.
 */
export async function post(pool: Pool, lane: string, request: Post): Promise<Outcome> {
  let slot: Slot;
  try {
    slot = await pool.acquire(lane);
  } catch (error) {
    return { status: DISPATCH_ERROR, body: `dispatch error: ${sentenceOf(error)}` };
  }
  try {
    return await exchange(slot, request);
  } catch (error) {
    slot.condemn();
    return { status: DISPATCH_ERROR, body: `dispatch error: ${sentenceOf(error)}` };
  } finally {
    slot.release();
  }
}

/** node:http rather than fetch, which gives up after 300 s without an answer. */
function exchange(slot: Slot, { headers, body, timeoutSeconds }: Post): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // A connection each: one that is kept open may be closed by the function just when it is used again.
    const sent = request({ host: '127.0.0.1', port: slot.port, method: 'POST', path: '/', headers, agent: false });
    const timer = setTimeout(
      () => sent.destroy(new Error(`no answer after ${timeoutSeconds} s`)),
      timeoutSeconds * 1000,
    );
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    sent.on('error', fail);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        if (length < LONGEST_BODY) chunks.push(chunk);
        length += chunk.length;
      });
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        resolve({
          status: response.statusCode ?? DISPATCH_ERROR,
          body: Buffer.concat(chunks).subarray(0, LONGEST_BODY).toString('utf8'),
        });
      });
    });
    sent.end(body);
  });
}
