import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { API } from '../../shared/api/operations.ts';
import type { FunctionsNow } from '../../shared/api/ops.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import { answerJson, answerProblem } from './answer.ts';
import { type CloudEvent, eventIn } from './cloud-event.ts';
import { LIVE_PATH, type Live } from './lock.ts';
import { isFromElsewhere, isOurs, type Names } from './names.ts';
import type { Refused } from './operators.ts';

const LARGEST_EVENT = 1 << 20;
const FUNCTIONS_PATH = API.showFunctions.path;

type Handle = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export interface GatewayOptions extends Names {
  /** Which runtime this is, for the lock of its data folder. */
  runtimeId: string;
  /** Where events are posted to. */
  brokerPath: string;
  /** Takes one. */
  publish: (event: CloudEvent) => void;
  /** Has the function of that name answer. */
  callFunction: (
    name: 'ingest' | 'jobs' | 'health' | 'ui',
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ) => Promise<void>;
  /** What the processes of the functions do: it is known here alone, and the API's operation for it is answered here. */
  functionsNow: () => FunctionsNow;
  /** Why whoever sends a request may not see that; null where they may. */
  notForThem: (incoming: IncomingMessage) => Promise<Refused | null>;
  /** Answers signed URLs; null where the store answers its own. */
  serveStoredFile: Handle | null;
}

/**
 * What an HTTP server of the local runtime answers: the broker's address, the store's signed URLs, and the functions that people and
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
  if (!isOurs(incoming, options)) {
    answerProblem(outgoing, 421, 'Montage is not known under this address; set MONTAGE_PUBLIC_URL to it');
  } else if (!['GET', 'HEAD'].includes(incoming.method ?? '') && isFromElsewhere(incoming, options)) {
    answerProblem(outgoing, 403, 'A page of another site may change nothing here');
  } else if (path === LIVE_PATH) {
    answerJson(outgoing, 200, { status: 'live', id: options.runtimeId } satisfies Live);
  } else if (path === '/broker' || path.startsWith('/broker/')) {
    if (options.forOthers || path !== options.brokerPath)
      answerProblem(outgoing, 403, 'Events are taken from Montage’s own functions only');
    else await takeEvent(options, incoming, outgoing);
  } else if (path === '/events') {
    await options.callFunction('ingest', incoming, outgoing);
  } else if (path === '/health' || path.startsWith('/health/')) {
    await options.callFunction('health', incoming, outgoing);
  } else if (path === FUNCTIONS_PATH && incoming.method === 'GET') {
    const refused = await options.notForThem(incoming);
    if (refused) answerProblem(outgoing, refused.status, refused.sentence);
    else answerJson(outgoing, 200, options.functionsNow());
  } else if (path.startsWith('/store/') && options.serveStoredFile) {
    await options.serveStoredFile(incoming, outgoing);
  } else {
    await options.callFunction(path.startsWith('/v1/') ? 'jobs' : 'ui', incoming, outgoing);
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
