import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sentenceOf } from '../../shared/refusal.ts';
import { answerJson, answerProblem } from './answer.ts';
import { type CloudEvent, eventIn } from './cloud-event.ts';
import { LIVE_PATH, type Live } from './lock.ts';

const LARGEST_EVENT = 1 << 20;

type Handle = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export interface GatewayOptions {
  /** Takes an event that was posted to `/broker`. */
  publish: (event: CloudEvent) => void;
  /** Has the function of that name answer. */
  callFunction: (
    name: 'ingest' | 'jobs' | 'health',
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ) => Promise<void>;
  /** Answers signed URLs; null where the store answers its own. */
  serveStoredFile: Handle | null;
  /** Host names and ports, besides this machine's own, under which it may be asked for. */
  publicHosts: readonly string[];
}

/**
 * What the one HTTP server of the local runtime answers: the broker's address, the store's signed URLs, and the functions that people and
 * programs speak to.
 */
export function gateway(options: GatewayOptions): RequestListener {
  return (incoming, outgoing) => {
    answer(options, incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent) outgoing.destroy();
      else answerProblem(outgoing, 500, sentenceOf(error));
    });
  };
}

async function answer(options: GatewayOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const path = pathOf(incoming);
  if (!isOurs(incoming, options.publicHosts)) {
    answerProblem(outgoing, 421, 'Montage is not known under this address; set MONTAGE_PUBLIC_URL to it');
  } else if (!['GET', 'HEAD'].includes(incoming.method ?? '') && isFromElsewhere(incoming, options.publicHosts)) {
    answerProblem(outgoing, 403, 'A page of another site may change nothing here');
  } else if (path === LIVE_PATH) {
    answerJson(outgoing, 200, { status: 'live', pid: process.pid } satisfies Live);
  } else if (path === '/broker') {
    await takeEvent(options, incoming, outgoing);
  } else if (path === '/events') {
    await options.callFunction('ingest', incoming, outgoing);
  } else if (path === '/health' || path.startsWith('/health/')) {
    await options.callFunction('health', incoming, outgoing);
  } else if (path.startsWith('/store/') && options.serveStoredFile) {
    await options.serveStoredFile(incoming, outgoing);
  } else {
    await options.callFunction('jobs', incoming, outgoing);
  }
}

/** Answers 202 once the event is in the hands of the broker. */
async function takeEvent(
  { publish }: GatewayOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += (chunk as Buffer).length;
    if (length <= LARGEST_EVENT) chunks.push(chunk as Buffer);
  }
  const event = incoming.method === 'POST' ? eventIn(incoming.headers, Buffer.concat(chunks)) : null;
  if (length > LARGEST_EVENT) {
    answerProblem(outgoing, 413, `An event has at most ${LARGEST_EVENT} bytes`);
  } else if (!event) {
    answerProblem(outgoing, 400, 'The broker takes CloudEvents 1.0 in HTTP binary mode, by POST');
  } else {
    publish(event);
    outgoing.writeHead(202, { 'content-length': 0 }).end();
  }
}

function pathOf({ url }: IncomingMessage): string {
  return (url ?? '/').split('?', 1)[0] as string;
}

/** Only requests that name this server: a web page elsewhere whose host name was made to point here is turned away. */
function isOurs(incoming: IncomingMessage, publicHosts: readonly string[]): boolean {
  const { host } = incoming.headers;
  return host !== undefined && hostsOf(incoming, publicHosts).includes(host.toLowerCase());
}

/** Whether a browser sends it for a page that isn't this server's; programs send neither header. */
function isFromElsewhere(incoming: IncomingMessage, publicHosts: readonly string[]): boolean {
  const { origin, 'sec-fetch-site': site } = incoming.headers;
  if (site === 'cross-site') return true;
  if (origin === undefined) return false;
  // "null", as of a page in a sandbox, is nobody's.
  return !URL.canParse(origin) || !hostsOf(incoming, publicHosts).includes(new URL(origin).host);
}

function hostsOf({ socket }: IncomingMessage, publicHosts: readonly string[]): string[] {
  return [...['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${socket.localPort}`), ...publicHosts];
}
