/**
 * What people, pages and the store call, rather than the broker. Imported before the framework makes its server: it would read up to
 * 1 GB of any body into memory before a function sees who sent it, and answer what it can't read with a page of HTML.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { http, type Request, type Response } from '@google-cloud/functions-framework';
import { readConfig } from '../shared/config.ts';
import { observe } from '../shared/metrics/record.ts';
import { flushSpans, inSpan, noteInSpan, openTracing } from '../shared/traces/spans.ts';
import { parseTraceparent } from '../shared/traces/traceparent.ts';
import { Problem } from './problem.ts';
import { noteReady } from './ready.ts';

/** Has the framework answer what a function throws without paths and stacks. What the broker calls says why it failed, for the dead letter. */
process.env.NODE_ENV ??= 'production';

// Its body parsers leave a request alone that seems to have no body; Node's own reading doesn't go by these.
subscribe('http.server.request.start', (message) => {
  const { headers } = (message as { request: IncomingMessage }).request;
  delete headers['content-length'];
  delete headers['transfer-encoding'];
});

interface CalledOptions {
  /** The template of a request's path: one of few, whatever is asked for. */
  routeOf: (method: string, path: string) => string;
  /**
   * Whether requests are spans, under the one that their sender's `traceparent` names: those that may change something, and those of
   * a sender who traces. Whoever waits for a job only asks again and again. Default: false.
   */
  traced?: boolean;
}

/** Registers a function that is called by HTTP, and measures its requests. */
export function calledBy(
  name: string,
  { routeOf, traced = false }: CalledOptions,
  handle: (request: Request, response: Response) => unknown,
): void {
  http(name, async (request, response) => {
    const begun = performance.now();
    const { method, path } = request;
    const route = routeOf(method, path);
    response.once('close', () => {
      const labels = { method, route, status: String(response.statusCode) };
      observe('httpRequests', labels, (performance.now() - begun) / 1000);
    });
    const parent = parseTraceparent(request.get('traceparent'));
    if (!traced || (method === 'GET' && !parent)) return handle(request, response);
    await openTracing(name, readConfig());
    const attributes = { 'http.request.method': method, 'http.route': route };
    await inSpan(`${method} ${route}`, { kind: 'server', parent, attributes }, async () => {
      await handle(request, response);
      noteInSpan({ 'http.response.status_code': response.statusCode });
    });
    await flushSpans();
  });
  noteReady(name);
}

/**
 * Reads a request's body as JSON, and no more of it than the limit; undefined where there is none.
 *
 * @throws {Problem} 413 when it is larger, 415 when it isn't sent as JSON, 400 when it isn't JSON.
 */
export async function readJson(request: Request, limitBytes: number): Promise<unknown> {
  const body = await readUpTo(limitBytes, request);
  if (!body) throw new Problem(413, `${request.path} takes at most ${limitBytes} bytes`);
  if (body.length === 0) return undefined;
  // Any page may send a form or plain text to here without asking first, but not JSON.
  if (!/^application\/json *(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new Problem(415, `${request.path} takes JSON: send it as application/json`);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new Problem(400, `The body is no JSON: ${(error as Error).message}`);
  }
}

/** The whole of a body, or null when it is larger. What is too much is thrown away as it comes: its sender reads the answer only when it has sent all. */
function readUpTo(limitBytes: number, request: Request): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    request
      .on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > limitBytes) resolve(null);
        else parts.push(part);
      })
      .once('end', () => resolve(Buffer.concat(parts)))
      .once('error', reject);
  });
}
