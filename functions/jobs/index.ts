/** The API: what the command line, the page and programs speak to. */
import type { Response } from '@google-cloud/functions-framework';
import { readConfig } from '../../shared/config.ts';
import { log } from '../../shared/log.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import { observed } from '../../storage/observed.ts';
import { openStore } from '../../storage/open-store.ts';
import { calledBy, readJson } from '../called.ts';
import { problemIn, sendProblem } from '../problem.ts';
import { sendEvents } from './event-stream.ts';
import { findRoute, handle, routeOf } from './routes.ts';

/** A request for a montage names each clip of its set at most once: a thousand of them fit. */
const BODY_LIMIT_BYTES = 1 << 20;
const config = readConfig();
const store = observed(openStore(config));

calledBy('jobs', { routeOf, traced: true }, async (request, response) => {
  const { route, allowed } = findRoute(request.method, request.path);
  if (!route) {
    if (allowed.length === 0) return sendProblem(response, 404, `There is nothing at ${request.path}`);
    response.set('Allow', allowed.join(', '));
    return sendProblem(response, 405, `${request.path} takes ${allowed.join(' and ')}`);
  }
  // What a page of another site sends from the browser of somebody who may.
  if (request.method !== 'GET' && request.get('Sec-Fetch-Site') === 'cross-site')
    return sendProblem(response, 403, 'A page of another site may change nothing here');
  if (route.operation.confidential)
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex' });
  try {
    const answer = await handle(route, {
      store,
      config,
      query: request.query,
      body: ['POST', 'PUT'].includes(request.method) ? await readJson(request, BODY_LIMIT_BYTES) : undefined,
      header: (name) => request.get(name),
      now: new Date(),
    });
    if ('events' in answer) return await sendEvents(response, request.get('Last-Event-ID') ?? null, answer.events);
    if ('location' in answer) response.redirect(answer.status, answer.location);
    else if ('body' in answer) response.status(answer.status).json(answer.body);
    else response.status(answer.status).end();
  } catch (error) {
    if (response.headersSent) response.destroy();
    else refuse(response, `${request.method} ${request.path}`, error);
  }
});

function refuse(response: Response, request: string, error: unknown): void {
  const problem = problemIn(error);
  if (problem) return void sendProblem(response, problem.status, problem.message);
  log.error('request failed', { request, reason: sentenceOf(error) });
  sendProblem(response, 500, 'Something went wrong here; the log has the reason');
}
