/**
 * What Prometheus reads: `GET /metrics` of the function's own process, whatever the function takes.
 *
 * It is the function's own port, since a pod of Knative's has no other that can be counted on (9090 and 9091 are the queue-proxy's), and a
 * process on one machine needs no second one. Whoever scrapes asks the pod itself, past the queue-proxy: so it counts as no
 * traffic and keeps no pod alive, and is answered while the pod works on all that it takes at once. What comes through a
 * proxy, so from outside, is no scrape and is the function's to answer.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { readMetrics } from '../shared/metrics/record.ts';
import { sentenceOf } from '../shared/refusal.ts';
import { sendProblem } from './problem.ts';

const seen = new WeakSet<Server>();

// The framework offers no way to add a route for an event function: so at its server's first request, which comes after this.
subscribe('http.server.request.start', (message) => {
  const { server } = message as { server: Server };
  if (seen.has(server)) return;
  seen.add(server);
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (isScrape(request)) void expose(response);
    else for (const listener of listeners) listener.call(server, request, response);
  });
});

function isScrape({ method, url, headers }: IncomingMessage): boolean {
  return method === 'GET' && /^\/metrics(\?|$)/.test(url ?? '') && headers['x-forwarded-for'] === undefined;
}

async function expose(response: ServerResponse): Promise<void> {
  try {
    const { contentType, text } = await readMetrics();
    response.writeHead(200, { 'Content-Type': contentType }).end(text);
  } catch (error) {
    sendProblem(response, 500, sentenceOf(error));
  }
}
