import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Refusal, sentenceOf } from '../../shared/refusal.ts';
import { checkReachable, publicLookup } from './reachable.ts';

const TIMEOUT_SECONDS = 10;
/** What is read of an answer; more of it is nobody's business. */
const MOST_ANSWER_BYTES = 4096;
const MOST_SAID_CHARACTERS = 200;

/** What somebody answered to a call. */
export interface Answer {
  status: number;
  /** The beginning of its body in one line. */
  said: string;
  /** Its header of that name. */
  retryAfter: string | null;
}

export interface Call {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface Way {
  /** Whether addresses that are not public may be called too. */
  allowPrivate: boolean;
  /** Finds the addresses of names for what may only lead to public ones. */
  lookup?: LookupFunction;
  timeoutSeconds?: number;
}

/** A call that came to no answer, as a sentence; it may come to one later. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/**
 * Posts to a URL, past any proxy, and follows no redirect.
 *
 * @throws {Refusal} where it leads to an address that may not be called; nothing was connected to then.
 * @throws {NoAnswer} when nobody answers in time.
 */
export async function post(
  { url, headers, body }: Call,
  { allowPrivate, lookup = publicLookup(), timeoutSeconds = TIMEOUT_SECONDS }: Way,
): Promise<Answer> {
  const target = new URL(url);
  // What names an address isn't looked up.
  if (!allowPrivate) checkReachable(target);
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  const request = target.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise<Answer>((resolve, reject) => {
    request(target, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      // A connection of its own, and not that of a proxy that the environment names.
      agent: false,
      signal,
      ...(allowPrivate ? {} : { lookup }),
    })
      .on('response', (response) => void answerIn(response).then(resolve))
      .on('error', (error) => {
        if (error instanceof Refusal) reject(error);
        else if (signal.aborted) reject(new NoAnswer(`It did not answer within ${timeoutSeconds} s`));
        else reject(new NoAnswer(inWords(error)));
      })
      .end(body);
  });
}

/** What has come of an answer by when it is whole, is too long, breaks off or takes too long: its status says all that matters. */
function answerIn(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    response
      .on('data', (part: Buffer) => {
        parts.push(part);
        bytes += part.length;
        if (bytes >= MOST_ANSWER_BYTES) response.destroy();
      })
      .on('error', () => {})
      .once('close', () =>
        resolve({
          status: response.statusCode ?? 0,
          said: inOneLine(Buffer.concat(parts).subarray(0, MOST_ANSWER_BYTES).toString('utf8')),
          retryAfter: response.headers['retry-after'] ?? null,
        }),
      );
  });
}

const inOneLine = (text: string): string =>
  text
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, MOST_SAID_CHARACTERS);

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nobody listens there',
  ECONNRESET: 'The connection broke off',
  ENOTFOUND: 'Its name has no address',
  EAI_AGAIN: 'Its name could not be looked up',
  ENETUNREACH: 'No way leads there',
  EHOSTUNREACH: 'No way leads there',
  CERT_HAS_EXPIRED: 'Its certificate has run out',
  ERR_TLS_CERT_ALTNAME_INVALID: "Its certificate is another name's",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is its own, which anybody can make',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is by nobody who is trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is by nobody who is trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'Its certificate is by nobody who is trusted here',
};

function inWords(error: NodeJS.ErrnoException): string {
  const { code } = error;
  if (code === undefined) return sentenceOf(error);
  return `${WORDS[code] ?? sentenceOf(error)} (${code})`;
}
